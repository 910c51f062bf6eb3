package io.portproxy.manage;

import java.util.List;

/**
 * The gateways and remotes that the store keeps.
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
