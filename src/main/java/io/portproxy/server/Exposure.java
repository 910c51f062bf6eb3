package io.portproxy.server;

import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.limits.LimitSettings;
import java.util.List;

/**
 * The plan of everything that a proxy server exposes.
 *
 * @param gateways the addresses at which many hosts are reached
 * @param remotes the remotes, with their ports and hosts
 * @param access which users may connect, where a remote, port or host has no access list
 * @param limits the limits for all users together
 */
public record Exposure(
        List<GatewaySettings> gateways, List<RemoteSettings> remotes, Access access, LimitSettings limits) {
    /** A plan for everybody, unless a remote, port or host has an access list. */
    public Exposure(List<GatewaySettings> gateways, List<RemoteSettings> remotes) {
        this(gateways, remotes, Access.ALL);
    }

    /** A plan without limits for all users together. */
    public Exposure(List<GatewaySettings> gateways, List<RemoteSettings> remotes, Access access) {
        this(gateways, remotes, access, LimitSettings.NONE);
    }

    public Exposure {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
