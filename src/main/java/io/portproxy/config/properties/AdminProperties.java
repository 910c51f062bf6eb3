package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Who may use the admin API. Spring Boot's properties {@code server.address}, {@code server.port} and {@code server.ssl.bundle} say where
 * it listens.
 *
 * @param enabled Whether there is an admin API, with dashboard, metrics and health. Without it, no web server is started, which saves
 *     memory. Default: true. Range: true or false.
 * @param users Who may log in. If there are neither users nor tokens, PortProxy creates the user admin, with a new password at each start,
 *     and logs the password. Default: none. Each entry has name (1 to 64 characters, no colon, no name twice), password ({bcrypt} and its
 *     bcrypt hash, or {noop} and the password itself, 8 or more characters) and role (viewer, operator or admin; default viewer).
 * @param tokens Tokens for programs, which send them in the header Authorization: Bearer. Default: none. Each entry has name (1 to 64
 *     characters, no colon, different from the names of all users and other tokens), token ({sha256} and the 64 hexadecimal digits of the
 *     token's SHA-256, or {noop} and the token itself, 32 or more characters) and role (viewer, operator or admin; default viewer).
 * @param loginDelay How long an address has to wait after its fourth wrong password or token. The wait doubles after each further one, up
 *     to 64 times as long. Default: 1s; a bare number means seconds. Range: 0s to 24h; 0s for never.
 * @param openPrometheus Whether /actuator/prometheus can be read without a password. Default: false. Range: true or false.
 * @param events the limits of events
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
    public enum UserRole {
        /** May read everything. */
        VIEWER,
        /** May also close connections and disconnect remotes. */
        OPERATOR,
        /** May do everything, also change remotes. */
        ADMIN
    }

    /**
     * A user who may log in.
     *
     * @param name The name. Required. Range: 1 to 64 characters, no colon.
     * @param password The password: {bcrypt} followed by its bcrypt hash, or {noop} followed by the password itself. Required.
     * @param role What the user may do. Default: viewer. Range: viewer (reads), operator (also closes connections and disconnects remotes)
     *     or admin (also changes remotes).
     */
    public record User(
            @Nullable String name,
            @Nullable Secret password,
            @DefaultValue("viewer") UserRole role) {}

    /**
     * A token with which a program can use the admin API.
     *
     * @param name The program's name, for the audit log. Required. Range: 1 to 64 characters, no colon.
     * @param token The token: {sha256} followed by the 64 hexadecimal digits of its SHA-256, or {noop} followed by the token itself.
     *     Required.
     * @param role What the program may do. Default: viewer. Range: viewer (reads), operator (also closes connections and disconnects
     *     remotes) or admin (also changes remotes).
     */
    public record Token(
            @Nullable String name,
            @Nullable Secret token,
            @DefaultValue("viewer") UserRole role) {}
}
