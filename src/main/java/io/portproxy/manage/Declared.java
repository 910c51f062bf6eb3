package io.portproxy.manage;

import java.util.List;

/**
 * What files declare, right already.
 *
 * @param gateways the gateways, in the order of the files
 * @param remotes the remotes, in the order of the files
 */
public record Declared(List<PlannedGateway> gateways, List<PlannedRemote> remotes) {
    static final Declared NOTHING = new Declared(List.of(), List.of());

    public Declared {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
