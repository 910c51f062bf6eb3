package io.portproxy.manage;

import java.time.Instant;
import java.util.Optional;

/**
 * What a program shows to the admin API, and no file declares; without the token itself.
 *
 * @param id what it is referred to by
 * @param label what it is for, for people
 * @param role what it may do: {@code viewer}, {@code operator} or {@code admin}
 * @param sha256 the token's hash, 64 hexadecimal digits
 * @param created when it was made
 * @param expires from when on it is not valid any more; empty for never
 */
public record ApiToken(
        String id, String label, String role, String sha256, Instant created, Optional<Instant> expires) {

    /** Whether it is valid at that moment. */
    public boolean isValid(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }

    /** What who shows it is called, in the audit log too. */
    public String principal() {
        return "token " + id;
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return id + " (" + role + (label.isEmpty() ? "" : ", " + label) + ")";
    }
}
