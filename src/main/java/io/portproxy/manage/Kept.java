package io.portproxy.manage;

import java.util.List;

/**
 * All that the store has.
 *
 * @param gateways the gateways, by name
 * @param remotes the remotes, by name
 */
record Kept(List<GatewayDefinition> gateways, List<StoredRemote> remotes) {
    Kept {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
