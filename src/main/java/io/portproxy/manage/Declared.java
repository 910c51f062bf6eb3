package io.portproxy.manage;

import io.portproxy.server.exposed.Access;
import io.portproxy.server.limits.LimitSettings;
import java.util.List;

/**
 * What files declare, right already.
 *
 * @param gateways the gateways, in the order of the files
 * @param remotes the remotes, in the order of the files
 * @param access which users may connect, where a remote, port or host says nothing
 * @param limits how much the users of all of them together may have
 */
public record Declared(
        List<PlannedGateway> gateways, List<PlannedRemote> remotes, Access access, LimitSettings limits) {
    static final Declared NOTHING = new Declared(List.of(), List.of(), Access.ALL, LimitSettings.NONE);

    public Declared {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
