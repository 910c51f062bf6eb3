package io.portproxy.testing;

import io.portproxy.client.ClientSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.RemoteSettings;
import java.net.InetSocketAddress;
import java.util.List;

/** The ways in which a remote and a proxy server can speak with each other, for tests that run with each of them. */
public enum Speech {
    /** The classic dialect, as existing peers speak it. */
    CLASSIC(Dialect.CLASSIC, "", 1),
    /** The extended dialect with a token, in one tunnel. */
    EXTENDED(Dialect.EXTENDED, "a token", 1),
    /** The extended dialect with a token, in three tunnels. */
    EXTENDED_IN_THREE_TUNNELS(Dialect.EXTENDED, "a token", 3);

    private final Dialect dialect;
    private final String token; // empty for none
    private final int tunnels;

    Speech(Dialect dialect, String token, int tunnels) {
        this.dialect = dialect;
        this.token = token;
        this.tunnels = tunnels;
    }

    /** Returns the dialect. */
    public Dialect dialect() {
        return dialect;
    }

    /** Returns a remote name as the proxy server knows it, with a tcp port for each target port. */
    public RemoteSettings remote(String name, int... targetPorts) {
        return TestSettings.remote(name, tokens(), targetPorts);
    }

    /** Returns the tokens of the remote name. */
    public List<TokenVerifier> tokens() {
        return token.isEmpty() ? List.of() : List.of(TokenVerifier.of(Token.of(token)));
    }

    /** Returns a client that reconnects fast. */
    public ClientSettings client(String name, InetSocketAddress server) {
        Token proof = token.isEmpty() ? Token.NONE : Token.of(token);
        return TestSettings.client(name, server, dialect, proof).withTunnels(tunnels);
    }
}
