package io.portproxy.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as Standard Webhooks specifies (standardwebhooks.com, "Signature scheme"): with HMAC-SHA-256 over id, time and body. Any
 * thread.
 */
public final class Signature {
    /** Signs nothing. */
    public static final Signature NONE = new Signature(Optional.empty());

    private static final String ALGORITHM = "HmacSHA256";

    private final Optional<SecretKeySpec> key;

    private Signature(Optional<SecretKeySpec> key) {
        this.key = key;
    }

    /**
     * Signs with a key.
     *
     * @param key at least one byte
     */
    public static Signature with(byte[] key) {
        return new Signature(Optional.of(new SecretKeySpec(key, ALGORITHM)));
    }

    /**
     * Returns the value of the field {@code webhook-signature}; empty if requests are not signed.
     *
     * @param seconds the time in {@code webhook-timestamp}, in seconds since 1970
     */
    Optional<String> of(String id, long seconds, byte[] body) {
        return key.map(secret -> {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(secret);
                mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
                return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + ALGORITHM, e);
            }
        });
    }
}
