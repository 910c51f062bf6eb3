package io.portproxy.server;

import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.GatewaySettings;
import java.util.List;

/**
 * What a proxy server is to expose.
 *
 * @param gateways the addresses at which many hosts are reached
 * @param remotes the remotes, with their ports and hosts
 * @param access which users may connect, where a remote, port or host says nothing
 */
public record Exposure(List<GatewaySettings> gateways, List<RemoteSettings> remotes, Access access) {
    /** One for everybody, where nothing else is said. */
    public Exposure(List<GatewaySettings> gateways, List<RemoteSettings> remotes) {
        this(gateways, remotes, Access.ALL);
    }

    public Exposure {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
