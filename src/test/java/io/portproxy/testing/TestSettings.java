package io.portproxy.testing;

import io.portproxy.client.AllowedTarget;
import io.portproxy.client.ClientSettings;
import io.portproxy.client.ConnectTo;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.OnDuplicate;
import io.portproxy.server.PortSettings;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import io.portproxy.tunnel.TunnelSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Settings for tests: loopback, any free port. */
public final class TestSettings {
    private TestSettings() {}

    /** Limits that no ordinary test meets. */
    public static TunnelSettings tunnel() {
        return tunnel(Duration.ofSeconds(30), Duration.ofSeconds(30), 1 << 20, 65_536);
    }

    /** Limits with those that tests want to reach. */
    public static TunnelSettings tunnel(Duration idle, Duration stall, int streamBuffer, int maxStreams) {
        return new TunnelSettings(
                Duration.ofSeconds(1),
                idle,
                stall,
                Duration.ofSeconds(5),
                streamBuffer,
                64 << 20,
                256 << 10,
                16 << 20,
                maxStreams);
    }

    /** Limits that no ordinary test meets, and another time between two signs of life. */
    public static TunnelSettings beating(Duration heartbeatInterval) {
        TunnelSettings usual = tunnel();
        return new TunnelSettings(
                heartbeatInterval,
                usual.idleTimeout(),
                usual.stallTimeout(),
                usual.lingerTimeout(),
                usual.streamBuffer(),
                usual.tunnelBuffer(),
                usual.initialWindow(),
                usual.maxWindow(),
                usual.maxStreams());
    }

    /** A free port of 127.0.0.1. */
    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** A remote name without a token, with a tcp port for each target port. */
    public static RemoteSettings remote(String name, int... targetPorts) {
        return remote(name, List.of(), targetPorts);
    }

    /** A remote name with a tcp port for each target port. */
    public static RemoteSettings remote(String name, List<TokenVerifier> tokens, int... targetPorts) {
        return new RemoteSettings(
                name,
                tokens,
                Arrays.stream(targetPorts).mapToObj(TestSettings::tcp).toList());
    }

    private static PortSettings tcp(int targetPort) {
        return tcp(anyPort(), targetPort);
    }

    /** A port of {@code type: tcp} with a target on the remote's 127.0.0.1. */
    public static PortSettings tcp(InetSocketAddress bind, int targetPort) {
        return new PortSettings(bind, Optional.empty(), targetPort, Optional.empty());
    }

    /** A server for those remotes. */
    public static ServerSettings server(RemoteSettings... remotes) {
        return server(tunnel(), remotes);
    }

    /** A server for those remotes with limits of its own. */
    public static ServerSettings server(TunnelSettings tunnel, RemoteSettings... remotes) {
        return new ServerSettings(
                anyPort(),
                Optional.empty(),
                true,
                OnDuplicate.REPLACE,
                List.of(remotes),
                Duration.ofSeconds(10),
                1024,
                tunnel);
    }

    /** A classic client that reconnects fast. */
    public static ClientSettings client(String name, InetSocketAddress server) {
        return client(name, server, tunnel());
    }

    /** A classic client that reconnects fast, with limits of its own. */
    public static ClientSettings client(String name, InetSocketAddress server, TunnelSettings tunnel) {
        return client(name, server, Dialect.CLASSIC, Token.NONE, 1, tunnel);
    }

    /** A classic client that reconnects fast, with times and limits of its own. */
    public static ClientSettings client(
            String name, InetSocketAddress server, Duration connectTimeout, TunnelSettings tunnel) {
        return new ClientSettings(
                name,
                InetSocketAddress.createUnresolved(server.getHostString(), server.getPort()),
                ConnectTo.ANY,
                Dialect.CLASSIC,
                Token.NONE,
                Optional.empty(),
                List.of(new AllowedTarget(AllowedTarget.LOOPBACK, Optional.empty())),
                1,
                connectTimeout,
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                tunnel);
    }

    /** A client of either dialect that reconnects fast. */
    public static ClientSettings client(
            String name, InetSocketAddress server, Dialect dialect, Token token, int tunnels, TunnelSettings tunnel) {
        return new ClientSettings(
                name,
                InetSocketAddress.createUnresolved(server.getHostString(), server.getPort()),
                ConnectTo.ANY,
                dialect,
                token,
                Optional.empty(),
                List.of(new AllowedTarget(AllowedTarget.LOOPBACK, Optional.empty())),
                tunnels,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                tunnel);
    }

    /** The same, with other addresses dialled and other waits between dials. */
    public static ClientSettings connecting(ClientSettings client, ConnectTo connectTo, Duration backoff) {
        return new ClientSettings(
                client.name(),
                client.server(),
                connectTo,
                client.dialect(),
                client.token(),
                client.tls(),
                client.allow(),
                client.tunnels(),
                client.connectTimeout(),
                client.greetingTimeout(),
                backoff,
                backoff,
                client.tunnel());
    }
}
