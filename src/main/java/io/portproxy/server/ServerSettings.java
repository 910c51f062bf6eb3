package io.portproxy.server;

import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.tunnel.TunnelSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a proxy server, checked and resolved.
 *
 * @param port the settings of the port that remotes connect to
 * @param gateways the addresses at which many hosts are reached; no name and no address twice
 * @param remotes the remote names and the ports exposed for each; no name and no address twice
 * @param limits how many remotes and ports there may be
 * @param tunnel the times and limits of each tunnel
 * @param web what all hosts and ports of {@code type: http} share
 * @param users the settings for users who connect
 */
public record ServerSettings(
        TunnelPortSettings port,
        List<GatewaySettings> gateways,
        List<RemoteSettings> remotes,
        Limits limits,
        TunnelSettings tunnel,
        WebServices web,
        UserSettings users) {

    public ServerSettings {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }

    private ServerSettings withPort(TunnelPortSettings other) {
        return new ServerSettings(other, gateways, remotes, limits, tunnel, web, users);
    }

    /** As {@link TunnelPortSettings#withBind}. */
    public ServerSettings withBind(InetSocketAddress address) {
        return withPort(port.withBind(address));
    }

    /** As {@link TunnelPortSettings#withTls}. */
    public ServerSettings withTls(TlsSettings encryption) {
        return withPort(port.withTls(encryption));
    }

    /** As {@link TunnelPortSettings#withOnDuplicate}. */
    public ServerSettings withOnDuplicate(OnDuplicate rule) {
        return withPort(port.withOnDuplicate(rule));
    }

    /** As {@link TunnelPortSettings#withGreetings}. */
    public ServerSettings withGreetings(Duration timeout, int most) {
        return withPort(port.withGreetings(timeout, most));
    }

    /** Returns a copy with other times and limits of each tunnel. */
    public ServerSettings withTunnel(TunnelSettings other) {
        return new ServerSettings(port, gateways, remotes, limits, other, web, users);
    }

    /** Returns a copy with other gateways. */
    public ServerSettings withGateways(List<GatewaySettings> others) {
        return new ServerSettings(port, others, remotes, limits, tunnel, web, users);
    }

    /** Returns a copy with other limits of the number of remotes and ports. */
    public ServerSettings withLimits(Limits others) {
        return new ServerSettings(port, gateways, remotes, others, tunnel, web, users);
    }

    /** Returns a copy with other web services. */
    public ServerSettings withWeb(WebServices other) {
        return new ServerSettings(port, gateways, remotes, limits, tunnel, other, users);
    }

    /** Returns a copy with other settings for users. */
    public ServerSettings withUsers(UserSettings other) {
        return new ServerSettings(port, gateways, remotes, limits, tunnel, web, other);
    }
}
