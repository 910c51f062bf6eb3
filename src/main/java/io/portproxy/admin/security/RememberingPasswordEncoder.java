package io.portproxy.admin.security;

import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Remembers the last correct password for each stored hash. Programs send their password with every request, and bcrypt
 * is slow on purpose: a check takes a tenth of a second of a processor that also relays bytes.
 */
final class RememberingPasswordEncoder implements PasswordEncoder {
    private static final int MOST = 1000;

    /** The hash of 32 random bytes that nobody knows. */
    private static final String NOBODYS = "{bcrypt}$2a$10$nGG/qFjeOBMfYSFintH2petFntAGc1RayjNjWPB4iadYc1Cv0kAgW";

    private final PasswordEncoder encoder;
    private final Fingerprints fingerprints = new Fingerprints();
    private final Map<String, byte[]> right = new ConcurrentHashMap<>();

    RememberingPasswordEncoder(PasswordEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * Returns a hash that no password has. Spring Security compares the passwords of unknown users with it, so that
     * refusing them takes as long as for other users. Otherwise Spring Security would compute a hash at the first
     * login.
     */
    @Override
    public String encode(@Nullable CharSequence rawPassword) {
        return NOBODYS;
    }

    @Override
    public boolean matches(@Nullable CharSequence rawPassword, @Nullable String encodedPassword) {
        if (rawPassword == null || encodedPassword == null) {
            return false;
        }
        byte[] mac = fingerprints.of(rawPassword);
        byte[] known = right.get(encodedPassword);
        if (known != null && MessageDigest.isEqual(known, mac)) {
            return true;
        }
        boolean matches = encoder.matches(rawPassword, encodedPassword);
        if (matches) {
            if (right.size() >= MOST) {
                right.clear(); // drops entries of old users and passwords
            }
            right.put(encodedPassword, mac);
        }
        return matches;
    }
}
