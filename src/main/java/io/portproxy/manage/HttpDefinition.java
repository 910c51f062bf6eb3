package io.portproxy.manage;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What a host and a port of type http do with requests and answers, as a person describes it: nothing in it need be right. It has the names of the API's JSON,
 * by which the store keeps it; what is missing there has its default.
 *
 * <p>Passwords and the values of header fields are secret: they are not shown, and {@link #HIDDEN} stands in their place. Where that comes back,
 * the value that there was is kept.
 *
 * @param hostHeader what becomes of Host in requests; empty for the default
 * @param forwardedHeaders whether requests tell the target where they came from; empty for the default
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept
 * @param maxRequestHead the longest request head, as in {@code 32KB}; empty for the default
 * @param responseTimeout how long a target may take until its answer begins, as in {@code 30s}; empty for any time
 * @param headers which fields of heads are changed
 * @param hsts how browsers are kept from plain HTTP; empty if they are not
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
    /** Nothing of it: each has its default. */
    public static final HttpDefinition NONE = new HttpDefinition(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Headers.NONE,
            Optional.empty(),
            Optional.empty());

    /** What is shown in place of a secret, and means the one that there is. */
    public static final String HIDDEN = "(hidden)";

    public HttpDefinition {
        hostHeader = hostHeader == null ? Optional.empty() : hostHeader;
        forwardedHeaders = forwardedHeaders == null ? Optional.empty() : forwardedHeaders;
        trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
        maxRequestHead = maxRequestHead == null ? Optional.empty() : maxRequestHead;
        headers = headers == null ? Headers.NONE : headers;
    }

    /**
     * Which fields of heads are changed.
     *
     * @param request in requests, for the target
     * @param response in the target's answers, for users
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
     * Which fields of a head are changed.
     *
     * @param set the fields that have a value of ours, by their names
     * @param remove the names of fields that are left out
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

        /** Without the values. */
        @Override
        public String toString() {
            return set.entrySet().stream()
                    .map(field -> field.getKey() + ": " + Tags.ofSecret(field.getValue()))
                    .collect(Collectors.joining(", ", "{", "} without " + remove));
        }
    }

    /**
     * How browsers are kept from plain HTTP.
     *
     * @param maxAge how long they remember it, as in {@code 365d}
     * @param includeSubdomains whether it is said for all names below the host, too
     * @param preload whether the makers of browsers may take the host into their lists
     */
    public record Hsts(String maxAge, boolean includeSubdomains, boolean preload) {
        /** How long, where nothing is said. */
        public static final String DEFAULT_MAX_AGE = "365d";
    }

    /**
     * Who may send requests.
     *
     * @param basic by a name and a password
     */
    public record Auth(Basic basic) {}

    /**
     * Who may send requests, by a name and a password.
     *
     * @param users who may
     * @param realm what users are asked for, as browsers show it
     * @param except the beginnings of paths for which nobody is asked
     * @param pass whether the target gets the name and the password
     */
    public record Basic(List<User> users, String realm, List<String> except, boolean pass) {
        /** What users are asked for, where nothing is said. */
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
     * One who may send requests.
     *
     * @param name the name
     * @param password behind the name of its encoding in braces, as in <code>{bcrypt}</code>
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

        /** Without the password. */
        @Override
        public String toString() {
            return name + " " + Tags.ofSecret(password);
        }
    }

    /** The same, where Host and what tells where requests came from are treated so. */
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

    /** The same, with {@link #HIDDEN} for each secret. */
    public HttpDefinition withoutSecrets() {
        return withSecrets(
                new Headers(headers.request.withoutSecrets(), headers.response.withoutSecrets()),
                user -> new User(user.name, HIDDEN));
    }

    /** The same, with the secrets of what there was before for those that are {@link #HIDDEN}, as far as it had them. */
    HttpDefinition keeping(HttpDefinition before) {
        return withSecrets(
                new Headers(
                        headers.request.keeping(before.headers.request),
                        headers.response.keeping(before.headers.response)),
                user -> user.keeping(before));
    }
}
