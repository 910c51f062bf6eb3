package io.portproxy.testing;

import io.portproxy.client.AllowedPorts;
import io.portproxy.client.AllowedTarget;
import io.portproxy.client.ClientSettings;
import io.portproxy.client.ConnectTo;
import io.portproxy.client.DialTimes;
import io.portproxy.mux.SessionLimits;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.Exposure;
import io.portproxy.server.Limits;
import io.portproxy.server.OnDuplicate;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import io.portproxy.server.TunnelPortSettings;
import io.portproxy.server.UserSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.tunnel.TunnelSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Settings for tests: loopback, any free port. */
public final class TestSettings {
    /** Limits that no ordinary test reaches. */
    public static final SessionLimits LIMITS =
            new SessionLimits(1 << 20, 64 << 20, Duration.ofSeconds(30), 65_536, 256 << 10, 16 << 20);

    /** Times that no ordinary test reaches, except the short waits between dials. */
    public static final DialTimes TIMES =
            new DialTimes(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(20), Duration.ofMillis(200));

    private TestSettings() {}

    /** Returns times and limits that no ordinary test reaches. */
    public static TunnelSettings tunnel() {
        return tunnel(LIMITS);
    }

    /** Returns times that no ordinary test reaches, with the given limits, which are most often a variant of {@link #LIMITS}. */
    public static TunnelSettings tunnel(SessionLimits limits) {
        return new TunnelSettings(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5), limits);
    }

    /** Returns an address of 127.0.0.1 with port 0, which means any free port. */
    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Returns a remote name without a token, with a tcp port for each target port. */
    public static RemoteSettings remote(String name, int... targetPorts) {
        return remote(name, List.of(), targetPorts);
    }

    /** Returns a remote name with a tcp port for each target port. */
    public static RemoteSettings remote(String name, List<TokenVerifier> tokens, int... targetPorts) {
        return new RemoteSettings(
                name,
                tokens,
                Arrays.stream(targetPorts).mapToObj(TestSettings::tcp).toList());
    }

    private static PortSettings tcp(int targetPort) {
        return tcp(anyPort(), targetPort);
    }

    /** Returns a port of {@code type: tcp} with a target on the remote's 127.0.0.1. */
    public static PortSettings tcp(InetSocketAddress bind, int targetPort) {
        return new PortSettings(bind, Optional.empty(), targetPort, Optional.empty());
    }

    /** Returns a port of {@code type: udp} with a target on the remote's 127.0.0.1. */
    public static PortSettings udp(InetSocketAddress bind, int targetPort, UdpSettings limits) {
        return tcp(bind, targetPort).withUdp(limits);
    }

    /** Returns everything that a server with these settings exposes at its start. */
    public static Exposure exposure(ServerSettings settings) {
        return new Exposure(
                settings.gateways(),
                settings.remotes(),
                settings.users().access(),
                settings.users().limits());
    }

    /** Returns a server for those remotes. */
    public static ServerSettings server(RemoteSettings... remotes) {
        return new ServerSettings(
                new TunnelPortSettings(
                        anyPort(), Optional.empty(), true, OnDuplicate.REPLACE, Duration.ofSeconds(10), 1024),
                List.of(),
                List.of(remotes),
                Limits.DEFAULT,
                tunnel(),
                WebServices.NONE,
                UserSettings.DEFAULT);
    }

    /** Returns a classic client that reconnects fast. */
    public static ClientSettings client(String name, InetSocketAddress server) {
        return client(name, server, Dialect.CLASSIC, Token.NONE);
    }

    /** Returns a client of either dialect that reconnects fast. */
    public static ClientSettings client(String name, InetSocketAddress server, Dialect dialect, Token token) {
        return new ClientSettings(
                name,
                InetSocketAddress.createUnresolved(server.getHostString(), server.getPort()),
                ConnectTo.ANY,
                dialect,
                token,
                Optional.empty(),
                List.of(new AllowedPorts(AllowedTarget.LOOPBACK, Optional.empty())),
                List.of(),
                100,
                1,
                TIMES,
                tunnel());
    }
}
