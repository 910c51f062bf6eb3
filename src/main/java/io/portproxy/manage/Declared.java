package io.portproxy.manage;

import io.portproxy.server.exposed.Access;
import io.portproxy.server.limits.LimitSettings;
import java.util.List;

/**
 * What files declare. It has been checked.
 *
 * @param gateways the gateways, in the order of the files
 * @param remotes the remotes, in the order of the files
 * @param access the users that may connect, if a remote, port or host has no access list of its own
 * @param limits the limits for the users of all remotes together
 */
public record Declared(
        List<PlannedGateway> gateways, List<PlannedRemote> remotes, Access access, LimitSettings limits) {
    static final Declared NOTHING = new Declared(List.of(), List.of(), Access.ALL, LimitSettings.NONE);

    public Declared {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
