package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The part of a token that the proxy server keeps: it is enough to check a proof, but not to create one (RFC 5802,
 * section 3, StoredKey and ServerKey, with SHA-256 as in RFC 7677). It is still a secret: with it, somebody can pretend
 * to be the server. Immutable.
 */
public final class TokenVerifier {
    /** The number of bytes of each of its two keys. */
    public static final int KEY_LENGTH = 32;

    /** The verifier of {@link Token#NONE}, which anybody can prove. */
    public static final TokenVerifier NONE = of(Token.NONE);

    private static final String PREFIX = "{scram-sha-256}";

    private final byte[] storedKey;
    private final byte[] serverKey;

    private TokenVerifier(byte[] storedKey, byte[] serverKey) {
        if (storedKey.length != KEY_LENGTH || serverKey.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a key of a token has " + KEY_LENGTH + " bytes");
        }
        this.storedKey = storedKey.clone();
        this.serverKey = serverKey.clone();
    }

    /** Returns the verifier of a token. */
    public static TokenVerifier of(Token token) {
        return new TokenVerifier(Hashes.sha256(token.clientKey()), token.serverKey());
    }

    /**
     * Creates a verifier from stored keys.
     *
     * @throws IllegalArgumentException if a key does not have {@value #KEY_LENGTH} bytes
     */
    public static TokenVerifier of(byte[] storedKey, byte[] serverKey) {
        return new TokenVerifier(storedKey, serverKey);
    }

    /** Returns whether a text has the prefix of a verifier, so that it is not a token. */
    public static boolean isText(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * Reads the output of {@link #text}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static TokenVerifier parse(String text) {
        String[] keys = text.substring(Math.min(PREFIX.length(), text.length())).split(":", -1);
        if (!isText(text) || keys.length != 2) {
            throw new IllegalArgumentException("not what a server keeps of a token");
        }
        return new TokenVerifier(
                HexFormat.of().parseHex(keys[0]), HexFormat.of().parseHex(keys[1]));
    }

    /**
     * Returns both keys, for a file: <code>{scram-sha-256}</code>, the stored key, a colon, the server's key, in
     * hexadecimal digits.
     */
    public String text() {
        return PREFIX + HexFormat.of().formatHex(storedKey) + ":"
                + HexFormat.of().formatHex(serverKey);
    }

    /** Returns the hash of the key that proves the token. A copy. */
    public byte[] storedKey() {
        return storedKey.clone();
    }

    /** Returns the key with which the server proves that it knows the token. A copy. */
    public byte[] serverKey() {
        return serverKey.clone();
    }

    /**
     * Returns whether both are of the same token. The time that this takes does not depend on how much of them is
     * equal.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof TokenVerifier that
                && MessageDigest.isEqual(storedKey, that.storedKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(storedKey).getInt();
    }

    @Override
    public String toString() {
        return "(verifier)";
    }
}
