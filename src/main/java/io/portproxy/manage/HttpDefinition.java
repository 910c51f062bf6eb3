package io.portproxy.manage;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * How a host, and a port of type http, handle requests and answers, as an operator configures it. The values are not checked. The names are
 * those of the API's JSON, and the store keeps the definition under these names. A value that is missing in the JSON has its default.
 *
 * <p>Passwords and the values of header fields are secret. {@link #HIDDEN} is shown in their place. If a definition comes back with
 * {@link #HIDDEN}, the existing value is kept.
 *
 * @param hostHeader what is done with the Host field of requests; empty for the default
 * @param forwardedHeaders whether requests tell the target where they came from; empty for the default
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept
 * @param maxRequestHead the largest size of a request head, for example {@code 32KB}; empty for the default
 * @param responseTimeout how long a target may take to begin its answer, for example {@code 30s}; empty for no limit
 * @param headers the header fields to change
 * @param hsts how browsers are told to use only HTTPS; empty if they are not told
 * @param auth who may send requests; empty for anybody
 */
public record HttpDefinition(
        Optional<String> hostHeader,
        Optional<String> forwardedHeaders,
        List<String> trustedProxies,
        Optional<String> maxRequestHead,
        Optional<String> responseTimeout,
        Headers headers,
        Optional<Hsts> hsts,
        Optional<Auth> auth) {
    /** The defaults. */
    public static final HttpDefinition NONE = new HttpDefinition(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Headers.NONE,
            Optional.empty(),
            Optional.empty());

    /** The text that is shown in place of a secret. In a change, it means the existing secret. */
    public static final String HIDDEN = "(hidden)";

    public HttpDefinition {
        hostHeader = hostHeader == null ? Optional.empty() : hostHeader;
        forwardedHeaders = forwardedHeaders == null ? Optional.empty() : forwardedHeaders;
        trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
        maxRequestHead = maxRequestHead == null ? Optional.empty() : maxRequestHead;
        headers = headers == null ? Headers.NONE : headers;
    }

    /**
     * The header fields to change.
     *
     * @param request the fields of requests, before they go to the target
     * @param response the fields of the target's answers, before they go to users
     */
    public record Headers(Fields request, Fields response) {
        /** Changes nothing. */
        public static final Headers NONE = new Headers(Fields.NONE, Fields.NONE);

        public Headers {
            request = request == null ? Fields.NONE : request;
            response = response == null ? Fields.NONE : response;
        }
    }

    /**
     * The changes to the fields of a head.
     *
     * @param set fields to set, with their values, by name
     * @param remove the names of fields to remove
     */
    public record Fields(Map<String, String> set, List<String> remove) {
        /** Changes nothing. */
        public static final Fields NONE = new Fields(Map.of(), List.of());

        public Fields {
            set = set == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(set));
            remove = remove == null ? List.of() : List.copyOf(remove);
        }

        private Fields withValues(UnaryOperator<Map.Entry<String, String>> values) {
            Map<String, String> others = new TreeMap<>();
            set.entrySet().stream().map(values).forEach(field -> others.put(field.getKey(), field.getValue()));
            return new Fields(others, remove);
        }

        private Fields withoutSecrets() {
            return withValues(field -> Map.entry(field.getKey(), HIDDEN));
        }

        private Fields keeping(Fields before) {
            return withValues(field -> field.getValue().equals(HIDDEN)
                    ? Map.entry(field.getKey(), before.set.getOrDefault(field.getKey(), HIDDEN))
                    : field);
        }

        /** Shows keyed hashes in place of the values, see {@link Tags}. */
        @Override
        public String toString() {
            return set.entrySet().stream()
                    .map(field -> field.getKey() + ": " + Tags.ofSecret(field.getValue()))
                    .collect(Collectors.joining(", ", "{", "} without " + remove));
        }
    }

    /**
     * How browsers are told to use only HTTPS (HTTP Strict Transport Security, RFC 6797).
     *
     * @param maxAge how long browsers remember it, for example {@code 365d}
     * @param includeSubdomains whether it also applies to all names below the host
     * @param preload whether the makers of browsers may add the host to their lists
     */
    public record Hsts(String maxAge, boolean includeSubdomains, boolean preload) {
        /** The default of {@link #maxAge}. */
        public static final String DEFAULT_MAX_AGE = "365d";
    }

    /**
     * The condition under which users may send requests.
     *
     * @param basic users with a name and a password
     */
    public record Auth(Basic basic) {}

    /**
     * The users who may send requests, each with a name and a password.
     *
     * @param users these users
     * @param realm the text that browsers show when they ask for the password
     * @param except the beginnings of paths that need no password
     * @param pass whether the target gets the name and the password
     */
    public record Basic(List<User> users, String realm, List<String> except, boolean pass) {
        /** The default of {@link #realm}. */
        public static final String DEFAULT_REALM = "Restricted";

        public Basic {
            users = users == null ? List.of() : List.copyOf(users);
            except = except == null ? List.of() : List.copyOf(except);
        }

        private Basic withUsers(UnaryOperator<User> others) {
            return new Basic(users.stream().map(others).toList(), realm, except, pass);
        }

        private Optional<String> passwordOf(String name) {
            return users.stream()
                    .filter(user -> user.name.equals(name))
                    .map(User::password)
                    .findFirst();
        }
    }

    /**
     * A user who may send requests.
     *
     * @param name the user's name
     * @param password the encoded password, after the name of its encoding in braces, for example <code>{bcrypt}</code>
     */
    public record User(String name, String password) {
        public User {
            password = password == null ? HIDDEN : password;
        }

        private User keeping(HttpDefinition before) {
            return password.equals(HIDDEN)
                    ? new User(
                            name,
                            before.auth
                                    .flatMap(there -> there.basic.passwordOf(name))
                                    .orElse(HIDDEN))
                    : this;
        }

        /** Shows a keyed hash in place of the password, see {@link Tags}. */
        @Override
        public String toString() {
            return name + " " + Tags.ofSecret(password);
        }
    }

    /** Returns a copy with other values for the fields that requests are forwarded with. */
    public HttpDefinition withForwarding(
            Optional<String> host, Optional<String> forwarded, List<String> trusted, Optional<String> maxHead) {
        return new HttpDefinition(host, forwarded, trusted, maxHead, responseTimeout, headers, hsts, auth);
    }

    private HttpDefinition withSecrets(Headers otherHeaders, UnaryOperator<User> users) {
        return new HttpDefinition(
                hostHeader,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                responseTimeout,
                otherHeaders,
                hsts,
                auth.map(there -> new Auth(there.basic.withUsers(users))));
    }

    /** Returns a copy with {@link #HIDDEN} in place of each secret. */
    public HttpDefinition withoutSecrets() {
        return withSecrets(
                new Headers(headers.request.withoutSecrets(), headers.response.withoutSecrets()),
                user -> new User(user.name, HIDDEN));
    }

    /**
     * Returns a copy in which each secret that is {@link #HIDDEN} is replaced by the secret that {@code before} has for it, if there is
     * one.
     */
    HttpDefinition keeping(HttpDefinition before) {
        return withSecrets(
                new Headers(
                        headers.request.keeping(before.headers.request),
                        headers.response.keeping(before.headers.response)),
                user -> user.keeping(before));
    }
}
