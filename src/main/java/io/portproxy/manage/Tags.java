package io.portproxy.manage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells versions of a definition apart: equal definitions have equal tags, on each server and over restarts, and unequal ones do
 * not. It is a hash, so that nothing has to be counted or kept.
 */
public final class Tags {
    private static final int LENGTH = 16;

    private Tags() {}

    /** Of a remote with its ports, a port, or a list of such: of all records that have a text for each of their parts. */
    public static String of(Object definition) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(definition.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
