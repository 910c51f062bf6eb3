package io.portproxy.admin.manage;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.InvalidChangeException;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.RemoteManager;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.UdpDefinition;
import io.portproxy.manage.UsersDefinition;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.TokenVerifier;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads remotes and ports of a request's body, and collects what is not as it should be: members that there are not, and values of
 * another type. What is only shown is left out, so that what was read can be sent back. What values mean is checked elsewhere.
 */
final class DefinitionReader {
    private static final int MAX_LABEL = 200;
    private static final Set<String> REMOTE = Set.of(
            "name",
            "description",
            "enabled",
            "anonymous",
            "ports",
            "hosts",
            "grants",
            "access",
            "quota",
            "limits",
            "holdWhileAway");
    private static final Set<String> GRANTS = Set.of("ports", "max", "sticky", "bind", "maxRemotes", "hosts");
    private static final Set<String> ENTRY =
            Stream.concat(REMOTE.stream(), Stream.of("tokens")).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> TOKEN = Set.of("id", "label", "verifier", "created", "expires");
    private static final Pattern TOKEN_ID = Pattern.compile("[0-9a-f]{16}");
    private static final Set<String> PORT = Set.of(
            "name",
            "enabled",
            "type",
            "bind",
            "remote",
            "hostHeader",
            "forwardedHeaders",
            "trustedProxies",
            "maxRequestHead",
            "responseTimeout",
            "headers",
            "hsts",
            "auth",
            "access",
            "proxyProtocol",
            "acceptProxyProtocol",
            "limits",
            "holdWhileAway",
            "idleTimeout",
            "maxSessions",
            "maxSessionsPerUser",
            "replyLimit",
            "quota");

    private static final Set<String> HOST = Set.of(
            "host",
            "path",
            "gateways",
            "enabled",
            "tls",
            "remote",
            "hostHeader",
            "forwardedHeaders",
            "trustedProxies",
            "maxRequestHead",
            "responseTimeout",
            "headers",
            "hsts",
            "auth",
            "access",
            "proxyProtocol",
            "quota",
            "limits",
            "holdWhileAway");

    private static final Set<String> QUOTA = Set.of("bytes", "per");

    private static final Set<String> ACCESS = Set.of("allow", "deny");

    /** The origin of ports that GET shows among the others, and that nobody has configured. */
    private static final String GRANTED = "granted";

    /** What GET shows besides. */
    private static final Set<String> SHOWN = Set.of(
            "role",
            "origin",
            "file",
            "problems",
            "state",
            "instances",
            "dialect",
            "address",
            "server",
            "servers",
            "since",
            "lastEnd",
            "lastRefusal",
            "roundTripMillis",
            "tunnels",
            "streams",
            "allow",
            "asked",
            "askedForgotten",
            "exposed",
            "connects",
            "failures",
            "template",
            "quotas",
            "urls",
            "lastFailure");

    private final List<ChangeProblem> problems = new ArrayList<>();

    private final Set<String> tokenIds = new HashSet<>();
    private final HttpReader http = new HttpReader(this);

    private DefinitionReader() {}

    /** Reads something of a body. */
    @FunctionalInterface
    interface Part<T> {
        T read(DefinitionReader reader);
    }

    /**
     * Reads a body.
     *
     * @throws InvalidChangeException something is not as it should be
     */
    static <T> T read(Part<T> part) {
        DefinitionReader reader = new DefinitionReader();
        T read = part.read(reader);
        if (!reader.problems.isEmpty()) {
            throw new InvalidChangeException(reader.problems);
        }
        return read;
    }

    /** All gateways of {@code {"gateways": [...]}}; empty if it has none. */
    Optional<List<GatewayDefinition>> gateways(JsonNode body) {
        return new GatewayReader(this).gateways(new Members(body, ""));
    }

    /** All remotes of {@code {"remotes": [...]}}, which may have tokens as an export has them. */
    List<RemoteManager.Entry> remotes(JsonNode body) {
        Members members = members(body, "", Set.of("remotes", "gateways"));
        List<RemoteManager.Entry> remotes = new ArrayList<>();
        List<JsonNode> entries = members.list("remotes");
        if (body.isObject() && members.member("remotes").isEmpty()) {
            members.wrong(
                    "remotes",
                    "is missing",
                    "write a list of all remotes, [] to remove all"); // nobody means that by {}
        }
        for (int i = 0; i < entries.size(); i++) {
            String pointer = "/remotes/" + i;
            JsonNode entry = entries.get(i);
            remotes.add(new RemoteManager.Entry(remote(entry, pointer, ENTRY), tokens(entry, pointer)));
        }
        return remotes;
    }

    private Optional<List<RemoteToken>> tokens(JsonNode remote, String pointer) {
        Members members = new Members(remote, pointer);
        if (members.member("tokens").isEmpty()) {
            return Optional.empty();
        }
        List<RemoteToken> tokens = new ArrayList<>();
        List<JsonNode> entries = members.list("tokens");
        for (int i = 0; i < entries.size(); i++) {
            keptToken(entries.get(i), pointer + "/tokens/" + i).ifPresent(tokens::add);
        }
        return Optional.of(tokens);
    }

    /** What a server has kept of a token. */
    private Optional<RemoteToken> keptToken(JsonNode node, String pointer) {
        Members members = members(node, pointer, TOKEN);
        String id = members.text("id").orElse("");
        if (!TOKEN_ID.matcher(id).matches()) {
            members.wrong("id", "is no token's id", "write 16 hexadecimal digits");
        } else if (!tokenIds.add(id)) {
            members.wrong("id", "comes twice in the document", "give each token another id");
        }
        String label = label(members).orElse("");
        Optional<Instant> created = time(members, "created");
        Optional<Instant> expires = time(members, "expires");
        try {
            TokenVerifier verifier =
                    TokenVerifier.parse(members.text("verifier").orElse(""));
            return Optional.of(new RemoteToken(id, label, verifier, created.orElse(Instant.EPOCH), expires));
        } catch (IllegalArgumentException e) {
            members.wrongSecret("verifier", "is not what a server keeps of a token", "copy it whole");
            return Optional.empty();
        }
    }

    /** @param pointer where it is in the body */
    RemoteDefinition remote(JsonNode node, String pointer) {
        return remote(node, pointer, REMOTE);
    }

    private RemoteDefinition remote(JsonNode node, String pointer, Set<String> known) {
        Members members = members(node, pointer, known);
        List<PortDefinition> ports = new ArrayList<>();
        List<JsonNode> entries = configured(members, "ports");
        for (int i = 0; i < entries.size(); i++) {
            ports.add(port(entries.get(i), pointer + "/ports/" + i));
        }
        List<HostDefinition> hosts = new ArrayList<>();
        List<JsonNode> named = configured(members, "hosts");
        for (int i = 0; i < named.size(); i++) {
            hosts.add(host(named.get(i), pointer + "/hosts/" + i));
        }
        return new RemoteDefinition(
                members.text("name").orElse(""),
                members.text("description").orElse(""),
                members.flag("enabled", true),
                members.flag("anonymous", false),
                ports,
                hosts,
                members.member("grants").map(grants -> grants(grants, pointer + "/grants")),
                access(members, pointer),
                quota(members, pointer),
                LimitsReader.read(this, members, pointer),
                members.text("holdWhileAway"));
    }

    private Optional<QuotaDefinition> quota(Members of, String pointer) {
        return of.member("quota").map(node -> {
            Members members = members(node, pointer + "/quota", QUOTA);
            return new QuotaDefinition(
                    members.address("bytes"), members.text("per").orElse(QuotaDefinition.DEFAULT_PER));
        });
    }

    private Optional<AccessDefinition> access(Members of, String pointer) {
        return of.member("access").map(node -> {
            Members members = members(node, pointer + "/access", ACCESS);
            List<String> allow = members.texts("allow");
            if (allow.isEmpty()
                    && members.member("allow").filter(JsonNode::isArray).isPresent()) {
                members.wrongSecret(
                        "allow",
                        "is empty: nobody could connect",
                        "write addresses and ranges, or remove it to let all in that are not denied");
            }
            return new AccessDefinition(allow, members.texts("deny"));
        });
    }

    private UsersDefinition users(Members members, String pointer) {
        return new UsersDefinition(
                access(members, pointer),
                members.text("proxyProtocol"),
                members.texts("acceptProxyProtocol"),
                quota(members, pointer),
                LimitsReader.read(this, members, pointer),
                members.text("holdWhileAway"));
    }

    private static List<JsonNode> configured(Members members, String name) {
        return members.list(name).stream()
                .filter(entry -> !entry.path("origin").asString("").equals(GRANTED))
                .toList();
    }

    private GrantDefinition grants(JsonNode node, String pointer) {
        Members members = members(node, pointer, GRANTS);
        return new GrantDefinition(
                members.address("ports"),
                members.number("max", GrantDefinition.DEFAULT_MAX),
                members.text("sticky").orElse(GrantDefinition.DEFAULT_STICKY),
                members.text("bind").orElse(GrantDefinition.DEFAULT_BIND),
                members.number("maxRemotes", GrantDefinition.DEFAULT_MAX_REMOTES),
                members.text("hosts"));
    }

    /** @param pointer where it is in the body */
    PortDefinition port(JsonNode node, String pointer) {
        Members members = members(node, pointer, PORT);
        String bind = members.address("bind");
        String type = members.text("type").orElse("tcp");
        return new PortDefinition(
                members.text("name").orElse(PortDefinition.nameOf(type, bind)),
                members.flag("enabled", true),
                type,
                bind,
                members.address("remote"),
                http.read(members, pointer),
                users(members, pointer),
                new UdpDefinition(
                        members.text("idleTimeout"),
                        members.number("maxSessions"),
                        members.number("maxSessionsPerUser"),
                        members.number("replyLimit")));
    }

    /** @param pointer where it is in the body */
    HostDefinition host(JsonNode node, String pointer) {
        Members members = members(node, pointer, HOST);
        return new HostDefinition(
                members.text("host").orElse(""),
                members.text("path").orElse(HostDefinition.ALL_PATHS),
                members.texts("gateways"),
                members.flag("enabled", true),
                members.text("tls").orElse(HostDefinition.TERMINATE),
                members.address("remote"),
                http.read(members, pointer),
                users(members, pointer));
    }

    /** A host whose name and path the request has. */
    HostDefinition hostNamed(String host, String path, JsonNode body) {
        Members members = new Members(body, "");
        if (!members.text("host")
                .map(text -> HostDefinition.isSameName(text, host))
                .orElse(true)) {
            members.same("host", host);
        }
        members.same("path", path);
        return host(
                body instanceof ObjectNode object
                        ? object.deepCopy().put("host", host).put("path", path)
                        : body,
                "");
    }

    /** A remote whose name the path has. */
    RemoteDefinition remoteNamed(String name, JsonNode body) {
        new Members(body, "").sameName(name);
        return remote(named(name, body), "");
    }

    /** A port whose name the path has. */
    PortDefinition portNamed(String name, JsonNode body) {
        new Members(body, "").sameName(name);
        return port(named(name, body), "");
    }

    /** A gateway whose name the path has. */
    GatewayDefinition gatewayNamed(String name, JsonNode body) {
        new Members(body, "").sameName(name);
        return new GatewayReader(this).gateway(named(name, body), "");
    }

    private static JsonNode named(String name, JsonNode body) {
        return body instanceof ObjectNode object ? object.deepCopy().put("name", name) : body;
    }

    /** What a token is for. */
    RemoteTokensController.Wish token(JsonNode node) {
        Members members = members(node, "", Set.of("label", "expires"));
        return new RemoteTokensController.Wish(label(members), time(members, "expires"));
    }

    static Optional<String> label(Members members) {
        Optional<String> label = members.text("label");
        label.filter(text -> text.length() > MAX_LABEL)
                .ifPresent(text -> members.wrong("label", "is too long", "write up to " + MAX_LABEL + " characters"));
        label.filter(text -> !Printable.is(text))
                .ifPresent(text -> members.wrong("label", "has a character that does not show", "write another"));
        return label;
    }

    static Optional<Instant> time(Members members, String name) {
        try {
            return members.text(name).map(Instant::parse);
        } catch (DateTimeParseException e) {
            members.wrong(name, "is no time", "write one such as 2027-01-31T12:00:00Z");
            return Optional.empty();
        }
    }

    Members members(JsonNode node, String pointer, Set<String> known) {
        if (!node.isObject()) {
            add(pointer, node, "is no object", "write {...}");
        } else {
            node.propertyNames().stream()
                    .filter(name -> !known.contains(name) && !SHOWN.contains(name))
                    .forEach(name -> problems.add(new ChangeProblem(
                            pointer + "/" + name.replace("~", "~0").replace("/", "~1"),
                            Optional.empty(),
                            "does not exist",
                            "write one of "
                                    + String.join(", ", known.stream().sorted().toList()))));
        }
        return new Members(node, pointer);
    }

    private void add(String pointer, JsonNode value, String reason, String fix) {
        problems.add(new ChangeProblem(
                pointer, value.isValueNode() ? Optional.of(value.asString()) : Optional.empty(), reason, fix));
    }

    /** The members of an object. One that is null counts as one that is not there. */
    final class Members {
        private final JsonNode node;
        private final String pointer;

        private Members(JsonNode node, String pointer) {
            this.node = node;
            this.pointer = pointer;
        }

        Optional<JsonNode> member(String name) {
            return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
        }

        Optional<String> text(String name) {
            return member(name)
                    .filter(value -> is(value.isString(), name, value, "is no text", "write \"...\""))
                    .map(JsonNode::stringValue);
        }

        /** A text, or a number that stands for a port. */
        String address(String name) {
            return member(name)
                    .filter(value -> is(
                            value.isString() || value.isIntegralNumber(),
                            name,
                            value,
                            "is no address",
                            "write \"host:port\", or a port"))
                    .map(JsonNode::asString)
                    .orElse("");
        }

        int number(String name, int otherwise) {
            return number(name).orElse(otherwise);
        }

        Optional<Integer> number(String name) {
            return member(name)
                    .filter(value -> is(value.canConvertToInt(), name, value, "is no number", "write a number"))
                    .map(JsonNode::intValue);
        }

        Optional<Integer> wholeNumber(String name) {
            return member(name)
                    .filter(value -> is(
                            value.isIntegralNumber() && value.canConvertToInt(),
                            name,
                            value,
                            "is no whole number",
                            "write a whole number"))
                    .map(JsonNode::intValue);
        }

        boolean flag(String name, boolean otherwise) {
            return member(name)
                    .filter(value ->
                            is(value.isBoolean(), name, value, "is neither true nor false", "write true or false"))
                    .map(JsonNode::booleanValue)
                    .orElse(otherwise);
        }

        List<JsonNode> list(String name) {
            return member(name)
                    .filter(value -> is(value.isArray(), name, value, "is no list", "write [...]"))
                    .map(value -> List.copyOf(value.values()))
                    .orElse(List.of());
        }

        List<String> texts(String name) {
            List<String> texts = new ArrayList<>();
            List<JsonNode> entries = list(name);
            for (int i = 0; i < entries.size(); i++) {
                JsonNode entry = entries.get(i);
                if (is(entry.isString(), name + "/" + i, entry, "is no text", "write \"...\"")) {
                    texts.add(entry.stringValue());
                }
            }
            return texts;
        }

        private boolean is(boolean right, String name, JsonNode value, String reason, String fix) {
            if (!right) {
                add(pointer + "/" + name, value, reason, fix);
            }
            return right;
        }

        /** The name may be left out, but not be another one. */
        void sameName(String name) {
            same("name", name);
        }

        /** What is in the address may be left out, but not be another one. */
        void same(String member, String value) {
            if (!text(member).orElse(value).equals(value)) {
                wrong(
                        member,
                        "is not the " + member + " in the address",
                        "write " + value + ": a " + member + " cannot be changed");
            }
        }

        /** What is wrong with a member that is not to be shown, or is no text. */
        void wrongSecret(String name, String reason, String fix) {
            problems.add(new ChangeProblem(pointer + "/" + name, Optional.empty(), reason, fix));
        }

        /** What is wrong with a member otherwise. */
        void wrong(String name, String reason, String fix) {
            problems.add(new ChangeProblem(pointer + "/" + name, text(name), reason, fix));
        }
    }
}
