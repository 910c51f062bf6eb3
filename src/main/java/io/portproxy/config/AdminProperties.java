package io.portproxy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the admin API. Where it listens is Spring Boot's to say: {@code server.address}, {@code server.port} and
 * {@code server.ssl.bundle}.
 *
 * @param users Who may log in. Default: none, then there is one user, admin, with a password that is made at each start
 *     and logged. Each entry has name (1 to 64 characters, no colon, no name twice), password ({bcrypt} or {noop} and what
 *     belongs behind it; with {noop} that is the password itself, 8 or more characters) and role (viewer or admin;
 *     default viewer).
 * @param openPrometheus Whether /actuator/prometheus answers whoever asks, without a password. Default: false. Range:
 *     true or false.
 * @param events what is told of events
 */
public record AdminProperties(
        @DefaultValue List<User> users,
        @DefaultValue("false") boolean openPrometheus,
        @DefaultValue @NestedConfigurationProperty EventProperties events) {

    public AdminProperties {
        users = List.copyOf(users);
    }

    /** What a user may do. */
    public enum Role {
        /** Look. */
        VIEWER,
        /** Look and act. */
        ADMIN
    }

    /**
     * One who may log in.
     *
     * @param name The name. Required. Range: 1 to 64 characters, no colon.
     * @param password The password behind the name of its encoding: {bcrypt} or {noop}. Required.
     * @param role What it may do. Default: viewer. Range: viewer or admin.
     */
    public record User(
            @Nullable String name,
            @Nullable Secret password,
            @DefaultValue("viewer") Role role) {}
}
