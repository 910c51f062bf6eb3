package io.portproxy.manage;

import java.time.Instant;

/**
 * A user of the admin API whom the store keeps.
 *
 * @param name identifies the user
 * @param role what the user may do: {@code viewer}, {@code operator} or {@code admin}
 * @param password the encoded password, after the name of its encoding in braces
 * @param created when the user was added
 */
public record StoredUser(String name, String role, String password, Instant created) {
    /** The role that may change everything. */
    public static final String ADMIN = "admin";

    /** Omits the password. */
    @Override
    public String toString() {
        return name + " (" + role + ")";
    }
}
