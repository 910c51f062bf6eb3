package io.portproxy.manage;

import java.time.Instant;
import java.util.Optional;

/**
 * A token with which a program uses the admin API, and which the store keeps. Contains only the token's hash.
 *
 * @param id identifies the token
 * @param label what the token is for, as text for people
 * @param role what the token permits: {@code viewer}, {@code operator} or {@code admin}
 * @param sha256 the SHA-256 hash of the token, 64 hexadecimal digits
 * @param created when it was made
 * @param expires the time from which it is no longer valid; empty for never
 */
public record ApiToken(
        String id, String label, String role, String sha256, Instant created, Optional<Instant> expires) {

    /** Returns whether the token is valid at that moment. */
    public boolean isValid(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }

    /** Returns the name under which a caller with this token is known, also in the audit log. */
    public String principal() {
        return "token " + id;
    }

    /** Omits the hash. */
    @Override
    public String toString() {
        return id + " (" + role + (label.isEmpty() ? "" : ", " + label) + ")";
    }
}
