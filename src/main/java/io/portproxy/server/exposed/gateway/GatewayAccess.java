package io.portproxy.server.exposed.gateway;

import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.user.IncomingConnection;

/**
 * The rule that says who may connect to a gateway before the host is known.
 *
 * @param access who may connect to hosts without an access list of their own
 * @param forAllHosts whether no host has a list of its own
 */
public record GatewayAccess(Access access, boolean forAllHosts) {
    /** Admits everybody. */
    public static final GatewayAccess OPEN = new GatewayAccess(Access.ALL, true);

    boolean admits(IncomingConnection user) {
        return access.admits(user.address().getAddress());
    }
}
