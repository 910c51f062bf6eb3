package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What the proxy server keeps of a token: with it a proof is checked, but none can be made (RFC 5802, section 3, StoredKey and
 * ServerKey, with SHA-256 as in RFC 7677). It is a secret all the same: who has it can pretend to be the server. Immutable.
 */
public final class TokenVerifier {
    /** Bytes of each of its two keys. */
    public static final int KEY_LENGTH = 32;

    /** That of {@link Token#NONE}: anybody can prove it. */
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

    /** That of a token. */
    public static TokenVerifier of(Token token) {
        return new TokenVerifier(Proofs.sha256(token.clientKey()), token.serverKey());
    }

    /**
     * One that was kept.
     *
     * @throws IllegalArgumentException a key does not have {@value #KEY_LENGTH} bytes
     */
    public static TokenVerifier of(byte[] storedKey, byte[] serverKey) {
        return new TokenVerifier(storedKey, serverKey);
    }

    /** Whether a text means to be one, and no token. */
    public static boolean isText(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException it is something else
     */
    public static TokenVerifier parse(String text) {
        String[] keys = text.substring(Math.min(PREFIX.length(), text.length())).split(":", -1);
        if (!isText(text) || keys.length != 2) {
            throw new IllegalArgumentException("not what a server keeps of a token");
        }
        return new TokenVerifier(
                HexFormat.of().parseHex(keys[0]), HexFormat.of().parseHex(keys[1]));
    }

    /** Both keys, for a file: <code>{scram-sha-256}</code>, the stored key, a colon, the server's key, in hexadecimal digits. */
    public String text() {
        return PREFIX + HexFormat.of().formatHex(storedKey) + ":"
                + HexFormat.of().formatHex(serverKey);
    }

    /** The hash of the key that proves the token. A copy. */
    public byte[] storedKey() {
        return storedKey.clone();
    }

    /** The key by which the server proves that it knows the token. A copy. */
    public byte[] serverKey() {
        return serverKey.clone();
    }

    /** Whether it is of the same token, in a time that does not tell how much of it is. */
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
