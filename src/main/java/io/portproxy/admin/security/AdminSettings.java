package io.portproxy.admin.security;

import java.time.Duration;
import java.util.List;

/**
 * Who may use the admin API.
 *
 * @param users who may log in; no user and no token: one user with a password that is made at the start
 * @param tokens what programs may show in place of a password
 * @param loginDelay how long an address waits after the first wrong passwords; zero for never
 * @param openPrometheus whether metrics are given to anybody who asks
 */
public record AdminSettings(List<User> users, List<Token> tokens, Duration loginDelay, boolean openPrometheus) {

    /**
     * One who may log in.
     *
     * @param name the name; no colon, which HTTP Basic cannot carry
     * @param password behind the name of its encoding in braces, such as <code>{bcrypt}</code>
     * @param rights what it may do
     */
    public record User(String name, String password, Rights rights) {
        /** Without the password. */
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * What a program shows.
     *
     * @param name the program's name, for the audit log
     * @param sha256 the token's SHA-256, 64 hexadecimal digits
     * @param rights what it may do
     */
    public record Token(String name, String sha256, Rights rights) {
        /** Without the hash. */
        @Override
        public String toString() {
            return name;
        }
    }

    public AdminSettings {
        users = List.copyOf(users);
        tokens = List.copyOf(tokens);
    }
}
