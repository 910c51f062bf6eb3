package io.portproxy.testing;

import io.portproxy.client.AllowedTarget;
import io.portproxy.client.ClientSettings;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.OnDuplicate;
import io.portproxy.server.PortSettings;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import io.portproxy.tunnel.TunnelSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings for tests of the extended dialect: those of {@link TestSettings} with a token, TLS and so on. */
public final class ExtendedSettings {
    /** The token of every remote here that has one. */
    public static final String TOKEN = "correct horse battery staple";

    private ExtendedSettings() {}

    /** A remote name that needs {@link #TOKEN}. */
    public static RemoteSettings remote(String name, int... targetPorts) {
        return new RemoteSettings(
                name,
                List.of(TokenVerifier.of(Token.of(TOKEN))),
                TestSettings.remote(name, targetPorts).ports());
    }

    /** A remote name that needs {@link #TOKEN}, with one port to a target on another host. */
    public static RemoteSettings remoteTo(String name, String targetHost, int targetPort) {
        return new RemoteSettings(
                name,
                List.of(TokenVerifier.of(Token.of(TOKEN))),
                List.of(new PortSettings(
                        TestSettings.anyPort(), Optional.of(targetHost), targetPort, Optional.empty())));
    }

    /** A remote that speaks extended and has {@link #TOKEN}. */
    public static ClientSettings client(String name, InetSocketAddress server) {
        return client(name, server, 1, TestSettings.tunnel());
    }

    /** A remote that speaks extended and has {@link #TOKEN}, with limits of its own. */
    public static ClientSettings client(String name, InetSocketAddress server, int tunnels, TunnelSettings tunnel) {
        return TestSettings.client(name, server, Dialect.EXTENDED, Token.of(TOKEN), tunnels, tunnel);
    }

    /** The same with other allowed targets. */
    public static ClientSettings allowing(ClientSettings client, AllowedTarget... allow) {
        return new ClientSettings(
                client.name(),
                client.server(),
                client.connectTo(),
                client.dialect(),
                client.token(),
                client.tls(),
                List.of(allow),
                client.tunnels(),
                client.connectTimeout(),
                client.greetingTimeout(),
                client.backoffInitial(),
                client.backoffMax(),
                client.tunnel());
    }

    /** The same over TLS, by the name localhost. */
    public static ClientSettings overTls(ClientSettings client, TlsSettings tls) {
        return new ClientSettings(
                client.name(),
                InetSocketAddress.createUnresolved("localhost", client.server().getPort()),
                client.connectTo(),
                client.dialect(),
                client.token(),
                Optional.of(tls),
                client.allow(),
                client.tunnels(),
                client.connectTimeout(),
                client.greetingTimeout(),
                client.backoffInitial(),
                client.backoffMax(),
                client.tunnel());
    }

    /** The same with such waits that a test is over before the second attempt: nothing is under way when it ends. */
    public static ClientSettings tryingOnce(ClientSettings client) {
        return new ClientSettings(
                client.name(),
                client.server(),
                client.connectTo(),
                client.dialect(),
                client.token(),
                client.tls(),
                client.allow(),
                client.tunnels(),
                client.connectTimeout(),
                client.greetingTimeout(),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                client.tunnel());
    }

    /** The same over TLS. */
    public static ServerSettings overTls(ServerSettings server, TlsSettings tls) {
        return new ServerSettings(
                server.bind(),
                Optional.of(tls),
                server.classicAllowed(),
                server.onDuplicate(),
                server.remotes(),
                server.greetingTimeout(),
                server.maxGreetings(),
                server.tunnel());
    }

    /** The same with another rule for duplicates. */
    public static ServerSettings onDuplicate(ServerSettings server, OnDuplicate onDuplicate) {
        return new ServerSettings(
                server.bind(),
                server.tls(),
                server.classicAllowed(),
                onDuplicate,
                server.remotes(),
                server.greetingTimeout(),
                server.maxGreetings(),
                server.tunnel());
    }

    /** The same with other limits for greetings. */
    public static ServerSettings greeting(ServerSettings server, Duration timeout, int maxGreetings) {
        return new ServerSettings(
                server.bind(),
                server.tls(),
                server.classicAllowed(),
                server.onDuplicate(),
                server.remotes(),
                timeout,
                maxGreetings,
                server.tunnel());
    }
}
