package io.portproxy.admin.manage;

import io.portproxy.manage.HttpDefinition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Reads of a request's body what hosts and ports of type http have besides. No problem has a secret. */
final class HttpReader {
    private static final Set<String> HEADERS = Set.of("request", "response");
    private static final Set<String> FIELDS = Set.of("set", "remove");
    private static final Set<String> HSTS = Set.of("maxAge", "includeSubdomains", "preload");
    private static final Set<String> AUTH = Set.of("basic");
    private static final Set<String> BASIC = Set.of("users", "realm", "except", "pass");
    private static final Set<String> USER = Set.of("name", "password");

    private static final int LEAST_PASSWORD = 8;

    /** What bcrypt looks at. */
    private static final int MOST_PASSWORD = 72;

    /** In one request: each takes the server some tenth of a second. */
    private static final int MOST_HASHED = 20;

    private static final String HASHED = "{bcrypt}";
    private static final String PLAIN = "{noop}";

    private final DefinitionReader reader;
    private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder();
    private int hashed;

    HttpReader(DefinitionReader reader) {
        this.reader = reader;
    }

    /**
     * Reads it of a port or host.
     *
     * @param pointer where that is in the body
     */
    HttpDefinition read(DefinitionReader.Members members, String pointer) {
        return new HttpDefinition(
                members.text("hostHeader"),
                members.text("forwardedHeaders"),
                members.texts("trustedProxies"),
                members.text("maxRequestHead"),
                members.text("responseTimeout"),
                members.member("headers")
                        .map(node -> headers(node, pointer + "/headers"))
                        .orElse(HttpDefinition.Headers.NONE),
                members.member("hsts").map(node -> hsts(node, pointer + "/hsts")),
                members.member("auth").map(node -> auth(node, pointer + "/auth")));
    }

    private HttpDefinition.Headers headers(JsonNode node, String pointer) {
        DefinitionReader.Members members = members(node, pointer, HEADERS);
        return new HttpDefinition.Headers(
                fields(members, "request", pointer + "/request"), fields(members, "response", pointer + "/response"));
    }

    private HttpDefinition.Fields fields(DefinitionReader.Members headers, String name, String pointer) {
        Optional<JsonNode> node = headers.member(name);
        if (node.isEmpty()) {
            return HttpDefinition.Fields.NONE;
        }
        DefinitionReader.Members members = members(node.get(), pointer, FIELDS);
        Map<String, String> set = new HashMap<>();
        members.member("set").ifPresent(fields -> {
            if (!fields.isObject()) {
                members.wrongSecret("set", "is no object", "write {\"name\": \"value\"}");
            }
            fields.properties().stream()
                    .filter(field -> !field.getValue().isNull())
                    .forEach(field -> {
                        if (field.getValue().isString()) {
                            set.put(field.getKey(), field.getValue().stringValue());
                        } else {
                            members.wrongSecret(
                                    "set/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                                    "is no text",
                                    "write \"...\"");
                        }
                    });
        });
        return new HttpDefinition.Fields(set, members.texts("remove"));
    }

    private HttpDefinition.Hsts hsts(JsonNode node, String pointer) {
        DefinitionReader.Members members = members(node, pointer, HSTS);
        return new HttpDefinition.Hsts(
                members.text("maxAge").orElse(HttpDefinition.Hsts.DEFAULT_MAX_AGE),
                members.flag("includeSubdomains", false),
                members.flag("preload", false));
    }

    private HttpDefinition.Auth auth(JsonNode node, String pointer) {
        DefinitionReader.Members members = members(node, pointer, AUTH);
        Optional<JsonNode> basic = members.member("basic");
        if (basic.isEmpty()) { // nobody means by it that anybody may come in
            members.wrongSecret("basic", "is missing", "write {\"users\": [...]}, or remove auth to let anybody in");
        }
        return new HttpDefinition.Auth(basic.map(there -> basic(there, pointer + "/basic"))
                .orElse(new HttpDefinition.Basic(List.of(), HttpDefinition.Basic.DEFAULT_REALM, List.of(), false)));
    }

    private HttpDefinition.Basic basic(JsonNode node, String pointer) {
        DefinitionReader.Members members = members(node, pointer, BASIC);
        List<HttpDefinition.User> users = new ArrayList<>();
        List<JsonNode> entries = members.list("users");
        for (int i = 0; i < entries.size(); i++) {
            users.add(user(entries.get(i), pointer + "/users/" + i));
        }
        return new HttpDefinition.Basic(
                users,
                members.text("realm").orElse(HttpDefinition.Basic.DEFAULT_REALM),
                members.texts("except"),
                members.flag("pass", false));
    }

    private HttpDefinition.User user(JsonNode node, String pointer) {
        DefinitionReader.Members members = members(node, pointer, USER);
        return new HttpDefinition.User(members.text("name").orElse(""), password(members));
    }

    /** A hash is taken as it is, and looked at by the check; of a password, one is made. */
    private String password(DefinitionReader.Members members) {
        Optional<JsonNode> node = members.member("password");
        if (node.isPresent() && !node.get().isString()) {
            members.wrongSecret("password", "is no text", "write \"...\"");
            return HttpDefinition.HIDDEN;
        }
        String text = node.map(JsonNode::stringValue).orElse(HttpDefinition.HIDDEN);
        if (text.equals(HttpDefinition.HIDDEN) || text.startsWith(HASHED)) {
            return text;
        }
        String plain = text.startsWith(PLAIN) ? text.substring(PLAIN.length()) : text;
        if (plain.length() < LEAST_PASSWORD) {
            members.wrongSecret(
                    "password",
                    "is too short: anybody could find it out by trying",
                    "write " + LEAST_PASSWORD + " or more characters");
        } else if (plain.getBytes(StandardCharsets.UTF_8).length > MOST_PASSWORD) {
            members.wrongSecret("password", "is too long", "write at most " + MOST_PASSWORD + " bytes of UTF-8");
        } else if (++hashed > MOST_HASHED) {
            members.wrongSecret(
                    "password",
                    "is one of too many passwords in a request",
                    "write at most " + MOST_HASHED
                            + ", and hashes for the others, as java -jar portproxy.jar hash-password prints them");
        } else {
            return HASHED + Objects.requireNonNull(encoder.encode(plain));
        }
        return HttpDefinition.HIDDEN;
    }

    /** What is no object may be a secret in a wrong place. */
    private DefinitionReader.Members members(JsonNode node, String pointer, Set<String> known) {
        return reader.members(node.isObject() ? node : NullNode.getInstance(), pointer, known);
    }
}
