package io.portproxy.testing;

import io.portproxy.client.ClientSettings;
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
        return new TunnelSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(5), 1 << 20, 16 << 20, 65_536);
    }

    /** A free port of 127.0.0.1. */
    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** A remote name with a tcp port for each target port. */
    public static RemoteSettings remote(String name, int... targetPorts) {
        return new RemoteSettings(
                name,
                Arrays.stream(targetPorts)
                        .mapToObj(target -> new PortSettings(anyPort(), target, Optional.empty()))
                        .toList());
    }

    /** A server for those remotes. */
    public static ServerSettings server(RemoteSettings... remotes) {
        return server(tunnel(), remotes);
    }

    /** A server for those remotes with limits of its own. */
    public static ServerSettings server(TunnelSettings tunnel, RemoteSettings... remotes) {
        return new ServerSettings(anyPort(), List.of(remotes), Duration.ofSeconds(10), 1024, tunnel);
    }

    /** A client that reconnects fast. */
    public static ClientSettings client(String name, InetSocketAddress server) {
        return client(name, server, tunnel());
    }

    /** A client that reconnects fast, with limits of its own. */
    public static ClientSettings client(String name, InetSocketAddress server, TunnelSettings tunnel) {
        return new ClientSettings(
                name,
                InetSocketAddress.createUnresolved(server.getHostString(), server.getPort()),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                tunnel);
    }
}
