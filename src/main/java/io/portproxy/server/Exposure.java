package io.portproxy.server;

import io.portproxy.server.exposed.GatewaySettings;
import java.util.List;

/**
 * What a proxy server is to expose.
 *
 * @param gateways the addresses at which many hosts are reached
 * @param remotes the remotes, with their ports and hosts
 */
public record Exposure(List<GatewaySettings> gateways, List<RemoteSettings> remotes) {
    public Exposure {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
