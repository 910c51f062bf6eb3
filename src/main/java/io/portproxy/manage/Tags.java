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
 * Makes tags, which tell versions of a definition apart. Equal definitions have equal tags, on each server and after restarts. Different
 * definitions have different tags. A tag is a hash, so nothing has to be counted or kept.
 *
 * <p>There is one exception: the tag of a definition with passwords or values of header fields changes with a restart. So whoever sees tags
 * cannot find a secret by trying values.
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

    /**
     * Returns a text that replaces a secret in the text of a definition. Equal secrets have equal texts while the process runs. The text
     * does not help to guess the secret.
     */
    static String ofSecret(String secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(KEY);
            return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)), 0, LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    /** Returns the tag of a definition, or of a list of definitions. It works for all records whose text contains each of their parts. */
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
