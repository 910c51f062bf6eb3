package io.portproxy.manage;

import java.time.Instant;

/**
 * A user of the admin API whom no file declares.
 *
 * @param name the name, which identifies it
 * @param role what it may do: {@code viewer}, {@code operator} or {@code admin}
 * @param password encoded, with the name of its encoding in braces before it
 * @param created when it was added
 */
public record StoredUser(String name, String role, String password, Instant created) {
    /** Who may change what there is. */
    public static final String ADMIN = "admin";

    /** Without the password. */
    @Override
    public String toString() {
        return name + " (" + role + ")";
    }
}
