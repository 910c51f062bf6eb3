package io.portproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;

/**
 * What the proxy server keeps of a token: with it a proof is checked, but none can be made (RFC 5802, section 3, StoredKey and
 * ServerKey, with HMAC-SHA-256). Immutable.
 */
public final class TokenVerifier {
    /** Bytes of each of its two keys. */
    public static final int KEY_LENGTH = 32;

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
        try {
            byte[] clientKey = hmac(token, "Client Key");
            return new TokenVerifier(MessageDigest.getInstance("SHA-256").digest(clientKey), hmac(token, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * One that was kept.
     *
     * @throws IllegalArgumentException a key does not have {@value #KEY_LENGTH} bytes
     */
    public static TokenVerifier of(byte[] storedKey, byte[] serverKey) {
        return new TokenVerifier(storedKey, serverKey);
    }

    private static byte[] hmac(Token token, String label) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(Proofs.ALGORITHM);
        mac.init(token.key());
        return mac.doFinal(label.getBytes(StandardCharsets.US_ASCII));
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
        return storedKey[0] << 8 | storedKey[1];
    }

    @Override
    public String toString() {
        return "(verifier)";
    }
}
