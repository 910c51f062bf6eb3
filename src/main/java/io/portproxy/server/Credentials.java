package io.portproxy.server;

import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Proofs;
import io.portproxy.protocol.Token;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may say which name. Safe for any thread. */
final class Credentials {
    private final Map<String, List<Token>> tokens = new HashMap<>();
    /** Stands in for an unknown name's tokens, so that its proof takes as long to be refused. */
    private final List<Token> nobodys;

    Credentials(List<RemoteSettings> remotes, SecureRandom random) {
        for (RemoteSettings remote : remotes) {
            tokens.put(remote.name(), remote.tokens().isEmpty() ? List.of(Token.NONE) : remote.tokens());
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        nobodys = List.of(Token.of(HexFormat.of().formatHex(secret)));
    }

    /** Whether a name may be said without a proof. */
    boolean needsNoToken(String name) {
        return tokens.getOrDefault(name, nobodys).contains(Token.NONE);
    }

    /** Whether a name is configured; for this side's log, as the peer must not know. */
    boolean isKnown(String name) {
        return tokens.containsKey(name);
    }

    /** The token that a remote has proved to hold; empty for a wrong one and for an unknown name. */
    Optional<Token> verify(String name, byte[] hello, byte[] challenge, Opaque proof) {
        Optional<Token> proved = Optional.empty();
        for (Token token : tokens.getOrDefault(name, nobodys)) {
            if (Proofs.matches(Proofs.remote(token, hello, challenge), proof)) {
                proved = Optional.of(token); // and on, so that the time does not tell which it was
            }
        }
        return proved;
    }
}
