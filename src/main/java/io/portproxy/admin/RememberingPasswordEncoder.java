package io.portproxy.admin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Remembers for each user which password was right. Programs send theirs with every request, and bcrypt is slow on
 * purpose: a tenth of a second of a processor that relays bytes. What is kept is a MAC by a key of this process alone.
 */
final class RememberingPasswordEncoder implements PasswordEncoder {
    private static final String MAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final PasswordEncoder encoder;
    private final SecretKeySpec key;
    private final Map<String, byte[]> right = new ConcurrentHashMap<>(); // as many as there are users

    RememberingPasswordEncoder(PasswordEncoder encoder) {
        this.encoder = encoder;
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, MAC);
    }

    @Override
    public @Nullable String encode(@Nullable CharSequence rawPassword) {
        return encoder.encode(rawPassword);
    }

    @Override
    public boolean matches(@Nullable CharSequence rawPassword, @Nullable String encodedPassword) {
        if (rawPassword == null || encodedPassword == null) {
            return false;
        }
        byte[] mac = mac(rawPassword);
        byte[] known = right.get(encodedPassword);
        if (known != null && MessageDigest.isEqual(known, mac)) {
            return true;
        }
        boolean matches = encoder.matches(rawPassword, encodedPassword);
        if (matches) {
            right.put(encodedPassword, mac);
        }
        return matches;
    }

    private byte[] mac(CharSequence text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }
}
