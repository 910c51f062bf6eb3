package io.portproxy.config.properties;

import io.portproxy.http.ForwardedHeaders;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * How the server handles requests, both to a host and to a port of type http. For the components, see {@link HostProperties} and
 * {@link PortProperties}.
 */
public record HttpProperties(
        @Nullable String hostHeader,
        @Nullable ForwardedHeaders forwardedHeaders,
        @Nullable List<String> trustedProxies,
        DataSize maxRequestHead,
        @Nullable Duration requestTimeout,
        @Nullable Duration responseTimeout,
        @Nullable Headers headers,
        @Nullable Hsts hsts,
        @Nullable Auth auth) {
    /**
     * Who may send requests.
     *
     * @param basic users with a name and a password, which browsers ask for
     */
    public record Auth(
            @Nullable @NestedConfigurationProperty Basic basic) {}

    /**
     * Users who may send requests, by HTTP's scheme Basic (RFC 7617). Use it inside TLS.
     *
     * @param users The users who may send requests. Required. Range: 1 to 1000.
     * @param realm The name that browsers show when they ask for the password. Default: Restricted. Range: 1 to 100
     *     printable ASCII characters without quotes and backslashes.
     * @param except Prefixes of paths that need no password, such as /health. Default: none.
     * @param pass Whether the target gets the name and the password of the user. Default: false. Range: true or false.
     */
    public record Basic(
            @DefaultValue List<BasicUser> users,
            @DefaultValue("Restricted") String realm,
            @DefaultValue List<String> except,
            @DefaultValue("false") boolean pass) {
        public Basic {
            users = List.copyOf(users);
            except = List.copyOf(except);
        }
    }

    /**
     * A user who may send requests.
     *
     * @param name The name. Required. Range: 1 to 64 characters, no colon, once.
     * @param password The password: {bcrypt} followed by its bcrypt hash, or {noop} followed by the password itself, as for a user of the
     *     admin API. Required.
     */
    public record BasicUser(@Nullable String name, @Nullable Secret password) {}

    /**
     * Which header fields are changed.
     *
     * @param request in requests to the target
     * @param response in the target's answers to users
     */
    public record Headers(
            @Nullable @NestedConfigurationProperty Fields request,
            @Nullable @NestedConfigurationProperty Fields response) {}

    /**
     * Which header fields of a request or an answer are changed.
     *
     * @param set Header fields to set, each with its name and value. The value replaces all values that the field had before. Default:
     *     none. Range: up to 50.
     * @param remove The names of header fields to remove. Default: none. Range: up to 50.
     */
    public record Fields(
            @DefaultValue Map<String, String> set,
            @DefaultValue List<String> remove) {
        public Fields {
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
            remove = List.copyOf(remove);
        }
    }

    /**
     * Tells browsers not to use plain HTTP (Strict-Transport-Security, RFC 6797). The server sends it in every answer inside TLS that ends
     * here.
     *
     * @param maxAge How long a browser remembers not to use plain HTTP. Default: 365d; a bare number means seconds. Range: 0s to 1000d.
     * @param includeSubdomains Whether this also applies to all names below the host. Default: false. Range: true or false.
     * @param preload Whether browser vendors may add the host to their lists. This is hard to undo. Default: false. Range: true or false.
     */
    public record Hsts(
            @DefaultValue("365d") @DurationUnit(ChronoUnit.SECONDS)
            Duration maxAge,

            @DefaultValue("false") boolean includeSubdomains,
            @DefaultValue("false") boolean preload) {}
}
