package io.portproxy.server;

import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.GatewaySettings;
import io.portproxy.server.limits.LimitSettings;
import java.util.List;

/**
 * What a proxy server is to expose.
 *
 * @param gateways the addresses at which many hosts are reached
 * @param remotes the remotes, with their ports and hosts
 * @param access which users may connect, where a remote, port or host says nothing
 * @param limits what the users of all of them together may have
 */
public record Exposure(
        List<GatewaySettings> gateways, List<RemoteSettings> remotes, Access access, LimitSettings limits) {
    /** One for everybody, where nothing else is said. */
    public Exposure(List<GatewaySettings> gateways, List<RemoteSettings> remotes) {
        this(gateways, remotes, Access.ALL);
    }

    /** One without limits. */
    public Exposure(List<GatewaySettings> gateways, List<RemoteSettings> remotes, Access access) {
        this(gateways, remotes, access, LimitSettings.NONE);
    }

    public Exposure {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
