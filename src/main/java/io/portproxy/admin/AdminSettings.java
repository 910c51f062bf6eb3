package io.portproxy.admin;

import java.util.List;

/**
 * Who may use the admin API.
 *
 * @param users who may log in; none: one user with a password that is made at the start
 * @param openPrometheus whether metrics are given to anybody who asks
 * @param events the limits of what is told of events
 */
public record AdminSettings(List<User> users, boolean openPrometheus, EventSettings events) {

    /**
     * One who may log in.
     *
     * @param name the name; no colon, which HTTP Basic cannot carry
     * @param password behind the name of its encoding in braces, such as <code>{bcrypt}</code>
     * @param admin whether it may also act, not only look
     */
    public record User(String name, String password, boolean admin) {
        /** Without the password. */
        @Override
        public String toString() {
            return name;
        }
    }

    public AdminSettings {
        users = List.copyOf(users);
    }
}
