package io.portproxy.testing;

import io.portproxy.client.ClientSettings;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Settings for tests of the extended dialect: those of {@link TestSettings} with a token, with TLS and so on. */
public final class ExtendedSettings {
    /** The token of every remote here that has a token. */
    public static final String TOKEN = "correct horse battery staple";

    private ExtendedSettings() {}

    /** Returns a remote name that needs {@link #TOKEN}. */
    public static RemoteSettings remote(String name, int... targetPorts) {
        return new RemoteSettings(
                name,
                List.of(TokenVerifier.of(Token.of(TOKEN))),
                TestSettings.remote(name, targetPorts).ports());
    }

    /** Returns a remote name that needs {@link #TOKEN} and has one port to a target on another host. */
    public static RemoteSettings remoteTo(String name, String targetHost, int targetPort) {
        return new RemoteSettings(
                name,
                List.of(TokenVerifier.of(Token.of(TOKEN))),
                List.of(new PortSettings(
                        TestSettings.anyPort(), Optional.of(targetHost), targetPort, Optional.empty())));
    }

    /** Returns a remote that speaks the extended dialect and has {@link #TOKEN}. */
    public static ClientSettings client(String name, InetSocketAddress server) {
        return TestSettings.client(name, server, Dialect.EXTENDED, Token.of(TOKEN));
    }

    /** Returns the client with TLS, which it dials by the name localhost. */
    public static ClientSettings overTls(ClientSettings client, TlsSettings tls) {
        return client.withTls(tls)
                .withServer(InetSocketAddress.createUnresolved(
                        "localhost", client.server().getPort()));
    }
}
