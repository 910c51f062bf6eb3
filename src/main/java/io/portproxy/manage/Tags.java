package io.portproxy.manage;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells versions of a definition apart: equal definitions have equal tags, on each server and over restarts, and unequal ones do
 * not. It is a hash, so that nothing has to be counted or kept. Only the tag of what has passwords or values of header fields is another one
 * after a restart: who sees tags is not to find a secret by trying.
 */
public final class Tags {
    private static final int LENGTH = 16;
    private static final String MAC = "HmacSHA256";
    private static final SecretKeySpec KEY = key();

    private Tags() {}

    private static SecretKeySpec key() {
        byte[] bytes = new byte[2 * LENGTH];
        new SecureRandom().nextBytes(bytes);
        return new SecretKeySpec(bytes, MAC);
    }

    /** What stands for a secret in the text of a part: equal for equal ones while the process runs, and of no use to who wants to guess one. */
    static String ofSecret(String secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(KEY);
            return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)), 0, LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

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
