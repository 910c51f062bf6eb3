package io.portproxy.manage;

import java.util.List;

/** The gateways and remotes that the store keeps. */
record Kept(List<GatewayDefinition> gateways, List<StoredRemote> remotes) {
    Kept {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
