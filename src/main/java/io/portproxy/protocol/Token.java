package io.portproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import javax.crypto.spec.SecretKeySpec;

/** What a remote and the proxy server share to prove themselves to each other; never on the wire, never in a log. */
public final class Token {
    /** Used where no token is configured: 32 zero bytes, which prove nothing. */
    public static final Token NONE = new Token(new byte[32]);

    private final SecretKeySpec key;

    private Token(byte[] key) {
        this.key = new SecretKeySpec(key, Proofs.ALGORITHM);
    }

    /**
     * A token as configured.
     *
     * @throws IllegalArgumentException it is empty or has a NUL: HMAC fills a key up with zero bytes, so such a token
     *     could be as good as {@link #NONE}
     */
    public static Token of(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a token must not be empty, nor have a NUL in it");
        }
        return new Token(text.getBytes(StandardCharsets.UTF_8));
    }

    SecretKeySpec key() {
        return key;
    }

    /** Whether it is the same secret, in a time that does not tell how much of it is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Token token && MessageDigest.isEqual(key.getEncoded(), token.key.getEncoded());
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return equals(NONE) ? "no token" : "(token)";
    }
}
