package io.portproxy.testing;

import io.portproxy.client.ClientSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.RemoteSettings;
import java.net.InetSocketAddress;
import java.util.List;

/** How a remote and a proxy server speak with each other, for tests of what holds in every way of it. */
public enum Speech {
    /** As existing peers do. */
    CLASSIC(Dialect.CLASSIC, "", 1),
    /** With a token, in one tunnel. */
    EXTENDED(Dialect.EXTENDED, "a token", 1),
    /** With a token, in three tunnels. */
    EXTENDED_IN_THREE_TUNNELS(Dialect.EXTENDED, "a token", 3);

    private final Dialect dialect;
    private final String token; // empty: none
    private final int tunnels;

    Speech(Dialect dialect, String token, int tunnels) {
        this.dialect = dialect;
        this.token = token;
        this.tunnels = tunnels;
    }

    /** What is spoken. */
    public Dialect dialect() {
        return dialect;
    }

    /** A remote name as the proxy server knows it, with a tcp port for each target port. */
    public RemoteSettings remote(String name, int... targetPorts) {
        return TestSettings.remote(name, tokens(), targetPorts);
    }

    /** The remote name's tokens. */
    public List<TokenVerifier> tokens() {
        return token.isEmpty() ? List.of() : List.of(TokenVerifier.of(Token.of(token)));
    }

    /** A client that reconnects fast. */
    public ClientSettings client(String name, InetSocketAddress server) {
        Token proof = token.isEmpty() ? Token.NONE : Token.of(token);
        return TestSettings.client(name, server, dialect, proof).withTunnels(tunnels);
    }
}
