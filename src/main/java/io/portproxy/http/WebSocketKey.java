package io.portproxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A key of ours in place of a user's, and what the target is to answer to it (RFC 6455 section 4.2.2).
 *
 * @param ours the key that the target gets
 * @param users the key that it replaces
 */
record WebSocketKey(String ours, String users) {
    /** Base64 of 16 bytes. */
    static final int LENGTH = 24;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CONSTANT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    static WebSocketKey inPlaceOf(String users) {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return new WebSocketKey(Base64.getEncoder().encodeToString(bytes), users);
    }

    /** What a target answers to that key. */
    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + CONSTANT).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
