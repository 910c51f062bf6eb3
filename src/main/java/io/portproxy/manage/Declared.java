package io.portproxy.manage;

import io.portproxy.server.exposed.Access;
import java.util.List;

/**
 * What files declare, right already.
 *
 * @param gateways the gateways, in the order of the files
 * @param remotes the remotes, in the order of the files
 * @param access which users may connect, where a remote, port or host says nothing
 */
public record Declared(List<PlannedGateway> gateways, List<PlannedRemote> remotes, Access access) {
    static final Declared NOTHING = new Declared(List.of(), List.of(), Access.ALL);

    public Declared {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
