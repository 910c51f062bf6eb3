package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The secret by which a remote and its proxy server prove their identity to each other. It is never on the wire and
 * never in a log. Only the two keys that are computed from the text are kept, not the text itself. Immutable.
 */
public final class Token {
    private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

    /** The token where none is configured: 32 zero bytes, which prove nothing. */
    public static final Token NONE = new Token(new byte[32]);

    private final byte[] clientKey;
    private final byte[] serverKey;

    private Token(byte[] secret) {
        this.clientKey = Hashes.hmac(secret, CLIENT_KEY);
        this.serverKey = Hashes.hmac(secret, SERVER_KEY);
    }

    /**
     * Creates a token from the configured text.
     *
     * @throws IllegalArgumentException if the text is empty or contains a NUL. HMAC fills a key up with zero bytes, so
     *     such a token could be the same as {@link #NONE}
     */
    public static Token of(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a token must not be empty, nor have a NUL in it");
        }
        return new Token(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the key that proves the token (RFC 5802, section 3). Not a copy. */
    byte[] clientKey() {
        return clientKey;
    }

    /** Returns the key with which a server proves that it knows the token. Not a copy. */
    byte[] serverKey() {
        return serverKey;
    }

    /**
     * Returns whether both are the same secret. The time that this takes does not depend on how much of the secret is
     * equal.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Token token && MessageDigest.isEqual(clientKey, token.clientKey);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(Hashes.sha256(clientKey)).getInt();
    }

    @Override
    public String toString() {
        return equals(NONE) ? "no token" : "(token)";
    }
}
