package io.portproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What a remote proves itself with, and by which it knows its proxy server; never on the wire, never in a log. The text itself is
 * not kept, only the two keys that are made of it. Immutable.
 */
public final class Token {
    private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

    /** Used where no token is configured: 32 zero bytes, which prove nothing. */
    public static final Token NONE = new Token(new byte[32]);

    private final byte[] clientKey;
    private final byte[] serverKey;

    private Token(byte[] secret) {
        this.clientKey = Proofs.hmac(secret, CLIENT_KEY);
        this.serverKey = Proofs.hmac(secret, SERVER_KEY);
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

    /** What proves the token (RFC 5802, section 3). Not a copy. */
    byte[] clientKey() {
        return clientKey;
    }

    /** What a server proves that it knows the token with. Not a copy. */
    byte[] serverKey() {
        return serverKey;
    }

    /** Whether it is the same secret, in a time that does not tell how much of it is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Token token && MessageDigest.isEqual(clientKey, token.clientKey);
    }

    @Override
    public int hashCode() {
        return TokenVerifier.of(this).hashCode();
    }

    @Override
    public String toString() {
        return equals(NONE) ? "no token" : "(token)";
    }
}
