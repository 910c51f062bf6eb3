package io.portproxy.admin.manage;

import io.portproxy.manage.HttpDefinition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import tools.jackson.databind.JsonNode;

/**
 * Reads the HTTP settings of hosts and of ports of type http from a request's body. No problem shows a secret. Make a
 * new reader for each body.
 */
final class HttpReader {
    private static final Set<String> HEADERS = Set.of("request", "response");
    private static final Set<String> FIELDS = Set.of("set", "remove");
    private static final Set<String> HSTS = Set.of("maxAge", "includeSubdomains", "preload");
    private static final Set<String> AUTH = Set.of("basic");
    private static final Set<String> BASIC = Set.of("users", "realm", "except", "pass");
    private static final Set<String> USER = Set.of("name", "password");

    private static final int LEAST_PASSWORD = 8;

    /** The most bytes that bcrypt uses. */
    private static final int MOST_PASSWORD = 72;

    /** The most passwords to hash in one request. The server needs about a tenth of a second for each. */
    private static final int MOST_HASHED = 20;

    private static final String HASHED = "{bcrypt}";
    private static final String PLAIN = "{noop}";

    private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder();
    private int hashed;

    /** Reads the settings of a port or host. */
    HttpDefinition read(BodyMembers of) {
        return new HttpDefinition(
                of.text("hostHeader"),
                of.text("forwardedHeaders"),
                of.texts("trustedProxies"),
                of.text("maxRequestHead"),
                of.text("responseTimeout"),
                object(of, "headers", HEADERS).map(HttpReader::headers).orElse(HttpDefinition.Headers.NONE),
                object(of, "hsts", HSTS).map(HttpReader::hsts),
                object(of, "auth", AUTH).map(this::auth));
    }

    /** Reads an object. A value of another type may be a misplaced secret, so it is not shown. */
    private static Optional<BodyMembers> object(BodyMembers of, String name, Set<String> known) {
        return of.inside(name).map(members -> members.hidden().known(known));
    }

    private static HttpDefinition.Headers headers(BodyMembers headers) {
        return new HttpDefinition.Headers(fields(headers, "request"), fields(headers, "response"));
    }

    private static HttpDefinition.Fields fields(BodyMembers headers, String name) {
        return object(headers, name, FIELDS)
                .map(fields -> new HttpDefinition.Fields(set(fields), fields.texts("remove")))
                .orElse(HttpDefinition.Fields.NONE);
    }

    private static Map<String, String> set(BodyMembers fields) {
        Map<String, String> set = new HashMap<>();
        fields.member("set").ifPresent(node -> {
            if (!node.isObject()) {
                fields.wrongSecret("set", "is no object", "write {\"name\": \"value\"}");
            }
            node.properties().stream()
                    .filter(field -> !field.getValue().isNull())
                    .forEach(field -> {
                        if (field.getValue().isString()) {
                            set.put(field.getKey(), field.getValue().stringValue());
                        } else {
                            fields.wrongSecret(
                                    "set/" + BodyMembers.escaped(field.getKey()), "is no text", "write \"...\"");
                        }
                    });
        });
        return set;
    }

    private static HttpDefinition.Hsts hsts(BodyMembers hsts) {
        return new HttpDefinition.Hsts(
                hsts.text("maxAge").orElse(HttpDefinition.Hsts.DEFAULT_MAX_AGE),
                hsts.flag("includeSubdomains", false),
                hsts.flag("preload", false));
    }

    private HttpDefinition.Auth auth(BodyMembers auth) {
        Optional<BodyMembers> basic = auth.inside("basic");
        if (basic.isEmpty()) { // an empty object is not meant to let anybody in
            auth.wrongSecret("basic", "is missing", "write {\"users\": [...]}, or remove auth to let anybody in");
        }
        return new HttpDefinition.Auth(basic.map(there -> basic(there.hidden().known(BASIC)))
                .orElse(new HttpDefinition.Basic(List.of(), HttpDefinition.Basic.DEFAULT_REALM, List.of(), false)));
    }

    private HttpDefinition.Basic basic(BodyMembers basic) {
        List<HttpDefinition.User> users = basic.entries("users").stream()
                .map(user -> user(user.hidden().known(USER)))
                .toList();
        return new HttpDefinition.Basic(
                users,
                basic.text("realm").orElse(HttpDefinition.Basic.DEFAULT_REALM),
                basic.texts("except"),
                basic.flag("pass", false));
    }

    private HttpDefinition.User user(BodyMembers user) {
        return new HttpDefinition.User(user.text("name").orElse(""), password(user));
    }

    /** Returns a hash as it is, for a later check to verify. Returns a new hash of a password. */
    private String password(BodyMembers user) {
        Optional<JsonNode> node = user.member("password");
        if (node.isPresent() && !node.get().isString()) {
            user.wrongSecret("password", "is no text", "write \"...\"");
            return HttpDefinition.HIDDEN;
        }
        String text = node.map(JsonNode::stringValue).orElse(HttpDefinition.HIDDEN);
        if (text.equals(HttpDefinition.HIDDEN) || text.startsWith(HASHED)) {
            return text;
        }
        String plain = text.startsWith(PLAIN) ? text.substring(PLAIN.length()) : text;
        if (plain.length() < LEAST_PASSWORD) {
            user.wrongSecret(
                    "password",
                    "is too short: anybody could find it out by trying",
                    "write " + LEAST_PASSWORD + " or more characters");
        } else if (plain.getBytes(StandardCharsets.UTF_8).length > MOST_PASSWORD) {
            user.wrongSecret("password", "is too long", "write at most " + MOST_PASSWORD + " bytes of UTF-8");
        } else if (++hashed > MOST_HASHED) {
            user.wrongSecret(
                    "password",
                    "is one of too many passwords in a request",
                    "write at most " + MOST_HASHED
                            + ", and hashes for the others, as java -jar portproxy.jar hash-password prints them");
        } else {
            return HASHED + Objects.requireNonNull(encoder.encode(plain));
        }
        return HttpDefinition.HIDDEN;
    }
}
