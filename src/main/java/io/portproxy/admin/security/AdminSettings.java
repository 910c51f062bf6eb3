package io.portproxy.admin.security;

import java.time.Duration;
import java.util.List;

/**
 * Who may use the admin API.
 *
 * @param users the users who may log in; without users and tokens, one user with a password that is generated at
 *     startup
 * @param tokens the tokens that programs may send in place of a password
 * @param loginDelay how long an address waits after the first wrong passwords; zero for no delay
 * @param openPrometheus whether anybody may read the metrics
 */
public record AdminSettings(List<User> users, List<Token> tokens, Duration loginDelay, boolean openPrometheus) {

    /**
     * A user who may log in.
     *
     * @param name the name, without a colon, which HTTP Basic cannot carry
     * @param password the encoded password, after the name of its encoding in braces, such as <code>{bcrypt}</code>
     * @param rights what the user may do
     */
    public record User(String name, String password, Rights rights) {
        /** Returns the name, without the password. */
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A token of a program.
     *
     * @param name the program's name, for the audit log
     * @param sha256 the token's SHA-256, 64 hexadecimal digits
     * @param rights what the program may do
     */
    public record Token(String name, String sha256, Rights rights) {
        /** Returns the name, without the hash. */
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
