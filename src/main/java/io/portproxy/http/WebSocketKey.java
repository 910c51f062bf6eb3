package io.portproxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A key from PortProxy in place of a user's, so that the target's answer can be checked (RFC 6455 section 4.2.2).
 *
 * @param ours the key that the target gets
 * @param users the user's key, which it replaces
 */
record WebSocketKey(String ours, String users) {
    /** The length of a key in characters: 16 bytes in Base64. */
    static final int LENGTH = 24;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CONSTANT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    static WebSocketKey inPlaceOf(String users) {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return new WebSocketKey(Base64.getEncoder().encodeToString(bytes), users);
    }

    /** Returns the target's answer to a key. */
    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + CONSTANT).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
