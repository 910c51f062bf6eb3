package io.portproxy.server;

import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Proofs;
import io.portproxy.protocol.Token;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Who may say which name. Safe for any thread. */
final class Credentials {
    private static final List<Token> NONE = List.of(Token.NONE);

    private final Function<String, Optional<List<Token>>> configured;
    /** Stands in for an unknown name's tokens, so that its proof takes as long to be refused. */
    private final List<Token> nobodys;

    /** @param configured the tokens of a name, if it is configured; they may change */
    Credentials(Function<String, Optional<List<Token>>> configured, SecureRandom random) {
        this.configured = configured;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        nobodys = List.of(Token.of(HexFormat.of().formatHex(secret)));
    }

    private List<Token> tokens(String name) {
        return configured
                .apply(name)
                .map(tokens -> tokens.isEmpty() ? NONE : tokens)
                .orElse(nobodys);
    }

    /** Whether a name may be said without a proof. */
    boolean needsNoToken(String name) {
        return tokens(name).contains(Token.NONE);
    }

    /** Whether a name is configured; for this side's log, as the peer must not know. */
    boolean isKnown(String name) {
        return configured.apply(name).isPresent();
    }

    /** The token that a remote has proved to hold; empty for a wrong one and for an unknown name. */
    Optional<Token> verify(String name, byte[] hello, byte[] challenge, Opaque proof) {
        Optional<Token> proved = Optional.empty();
        for (Token token : tokens(name)) {
            if (Proofs.matches(Proofs.remote(token, hello, challenge), proof)) {
                proved = Optional.of(token); // and on, so that the time does not tell which it was
            }
        }
        return proved;
    }
}
