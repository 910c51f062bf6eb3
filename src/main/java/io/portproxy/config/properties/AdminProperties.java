package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Who may use the admin API. Where it listens is Spring Boot's to say: {@code server.address}, {@code server.port} and
 * {@code server.ssl.bundle}.
 *
 * @param enabled Whether there is an admin API, with dashboard, metrics and health. Without it no web server is
 *     started, which saves memory. Default: true. Range: true or false.
 * @param users Who may log in. Default: none, then, unless there are tokens, there is one user, admin, with a password that is made at each start
 *     and logged. Each entry has name (1 to 64 characters, no colon, no name twice), password ({bcrypt} or {noop} and what
 *     belongs behind it; with {noop} that is the password itself, 8 or more characters) and role (viewer, operator or admin;
 *     default viewer).
 * @param tokens Tokens for programs, which send them in the header Authorization: Bearer. Default: none. Each entry has
 *     name (as a user's; no user's), token ({sha256} and the 64 hexadecimal digits of its SHA-256, or {noop} and the
 *     token itself, 32 or more characters) and role (viewer, operator or admin; default viewer).
 * @param loginDelay How long an address has to wait after its fourth wrong password or token; doubled after each
 *     further one, up to 64 times as long. Default: 1s; a bare number means seconds. Range: 0s to 24h; 0s for never.
 * @param openPrometheus Whether /actuator/prometheus needs no password. Default: false. Range: true or false.
 * @param events what is told of events
 */
public record AdminProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<User> users,
        @DefaultValue List<Token> tokens,

        @DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS)
        Duration loginDelay,

        @DefaultValue("false") boolean openPrometheus,
        @DefaultValue @NestedConfigurationProperty EventProperties events) {

    public AdminProperties {
        users = List.copyOf(users);
        tokens = List.copyOf(tokens);
    }

    /** What a user may do. */
    public enum Role {
        /** May read everything. */
        VIEWER,
        /** May also close connections and disconnect remotes. */
        OPERATOR,
        /** May do everything, also change remotes. */
        ADMIN
    }

    /**
     * One who may log in.
     *
     * @param name The name. Required. Range: 1 to 64 characters, no colon.
     * @param password The password behind the name of its encoding: {bcrypt} or {noop}. Required.
     * @param role What it may do. Default: viewer. Range: viewer (looks), operator (also closes connections and disconnects remotes) or admin (also changes remotes).
     */
    public record User(
            @Nullable String name,
            @Nullable Secret password,
            @DefaultValue("viewer") Role role) {}

    /**
     * What a program may show.
     *
     * @param name The program's name, for the audit log. Required. Range: 1 to 64 characters, no colon.
     * @param token The token behind the name of its encoding: {sha256} or {noop}. Required.
     * @param role What it may do. Default: viewer. Range: viewer (looks), operator (also closes connections and disconnects remotes) or admin (also changes remotes).
     */
    public record Token(
            @Nullable String name,
            @Nullable Secret token,
            @DefaultValue("viewer") Role role) {}
}
