package io.portproxy.manage;

import java.util.List;

/**
 * Gateways and remotes as they are configured: all that no file declares, or all that files do.
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
