package io.portproxy.manage;

import java.util.List;

/**
 * Gateways and remotes as they are configured: either all that the store keeps, or all that files declare.
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
