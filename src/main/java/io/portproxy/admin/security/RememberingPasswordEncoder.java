package io.portproxy.admin.security;

import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Remembers for each user which password was right. Programs send theirs with every request, and bcrypt is slow on
 * purpose: a tenth of a second of a processor that relays bytes.
 */
final class RememberingPasswordEncoder implements PasswordEncoder {
    private static final int MOST = 1000;

    /** The hash of 32 random bytes that nobody knows any more. */
    private static final String NOBODYS = "{bcrypt}$2a$10$nGG/qFjeOBMfYSFintH2petFntAGc1RayjNjWPB4iadYc1Cv0kAgW";

    private final PasswordEncoder encoder;
    private final Fingerprints fingerprints = new Fingerprints();
    private final Map<String, byte[]> right = new ConcurrentHashMap<>();

    RememberingPasswordEncoder(PasswordEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * Gives a hash that no password has. Spring Security compares the passwords of unknown users with it, so that these take as long to refuse
     * as others. It would make one at the first login.
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
                right.clear(); // of users and passwords that there may be no more
            }
            right.put(encodedPassword, mac);
        }
        return matches;
    }
}
