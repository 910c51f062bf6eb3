package io.portproxy.manage;

import java.util.List;

/**
 * All that no file declares, as it is configured.
 *
 * @param gateways the gateways, by name
 * @param remotes the remotes, by name
 */
public record Desired(List<GatewayDefinition> gateways, List<RemoteDefinition> remotes) {
    public Desired {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
