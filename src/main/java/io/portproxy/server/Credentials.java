package io.portproxy.server;

import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Proofs;
import io.portproxy.protocol.TokenVerifier;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The check of which remote may use which name. Any thread. */
final class Credentials {
    private static final List<TokenVerifier> NONE = List.of(TokenVerifier.NONE);

    private final Function<String, Optional<List<TokenVerifier>>> configured;
    /** Stand-in tokens for unknown names, so that a refusal takes as long as for a known name. */
    private final List<TokenVerifier> nobodys;

    /** @param configured returns the tokens of a name, if it is configured; they may change */
    Credentials(Function<String, Optional<List<TokenVerifier>>> configured, SecureRandom random) {
        this.configured = configured;
        nobodys = List.of(TokenVerifier.of(randomKey(random), randomKey(random)));
    }

    private static byte[] randomKey(SecureRandom random) {
        byte[] key = new byte[TokenVerifier.KEY_LENGTH];
        random.nextBytes(key);
        return key;
    }

    private List<TokenVerifier> tokens(String name) {
        return configured
                .apply(name)
                .map(tokens -> tokens.isEmpty() ? NONE : tokens)
                .orElse(nobodys);
    }

    /** Whether a name needs no proof. */
    boolean needsNoToken(String name) {
        return tokens(name).contains(TokenVerifier.NONE);
    }

    /** Whether a name is configured. Only for the server's own log: the peer must not know. */
    boolean isKnown(String name) {
        return configured.apply(name).isPresent();
    }

    /** Returns the token that a remote has proved; empty for a wrong proof and for an unknown name. */
    Optional<TokenVerifier> verify(String name, byte[] hello, byte[] challenge, OpaqueBytes proof) {
        Optional<TokenVerifier> proved = Optional.empty();
        for (TokenVerifier token : tokens(name)) {
            if (Proofs.proves(token, hello, challenge, proof)) {
                proved = Optional.of(token); // no break: the time must not show which token it was
            }
        }
        return proved;
    }
}
