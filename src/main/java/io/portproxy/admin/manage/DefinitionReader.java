package io.portproxy.admin.manage;

import io.portproxy.manage.DesiredManager;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.InvalidChangeException;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.UdpDefinition;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads remotes, ports and hosts from a request's body, and collects all problems ({@link BodyMembers}). Other code
 * checks the meaning of values. Make a new reader for each body.
 */
final class DefinitionReader {
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

    /** The origin of ports that GET lists with the others, but that are not configured. */
    private static final String GRANTED = "granted";

    private final HttpReader http = new HttpReader();
    private final TokensReader tokens = new TokensReader();

    private DefinitionReader() {}

    /**
     * Reads a body.
     *
     * @param part gets the members of the whole body, of which none is checked yet
     * @throws InvalidChangeException if anything is wrong
     */
    static <T> T read(JsonNode body, BiFunction<DefinitionReader, BodyMembers, T> part) {
        return BodyMembers.read(body, members -> part.apply(new DefinitionReader(), members));
    }

    /** Returns all remotes of {@code {"remotes": [...]}}. They may have tokens in the form of an export. */
    List<DesiredManager.Entry> remotes(BodyMembers body) {
        BodyMembers document = body.known(Set.of("remotes", "gateways"));
        List<BodyMembers> entries = document.entries("remotes");
        if (document.isObject() && document.member("remotes").isEmpty()) {
            document.wrong(
                    "remotes",
                    "is missing",
                    "write a list of all remotes, [] to remove all"); // {} is not meant to remove all remotes
        }
        return entries.stream()
                .map(entry -> new DesiredManager.Entry(checkedRemote(entry.known(ENTRY)), tokens.kept(entry)))
                .toList();
    }

    RemoteDefinition remote(BodyMembers remote) {
        return checkedRemote(remote.known(REMOTE));
    }

    private RemoteDefinition checkedRemote(BodyMembers remote) {
        List<PortDefinition> ports = configured(remote, "ports").map(this::port).toList();
        List<HostDefinition> hosts = configured(remote, "hosts").map(this::host).toList();
        return new RemoteDefinition(
                remote.text("name").orElse(""),
                remote.text("description").orElse(""),
                remote.flag("enabled", true),
                remote.flag("anonymous", false),
                ports,
                hosts,
                remote.object("grants", GRANTS).map(DefinitionReader::grants),
                UsersReader.access(remote),
                UsersReader.quota(remote),
                LimitsReader.read(remote),
                remote.text("holdWhileAway"));
    }

    private static Stream<BodyMembers> configured(BodyMembers remote, String name) {
        return remote.entries(name).stream()
                .filter(entry -> entry.member("origin")
                        .filter(origin -> origin.asString("").equals(GRANTED))
                        .isEmpty());
    }

    private static GrantDefinition grants(BodyMembers grants) {
        return new GrantDefinition(
                grants.address("ports"),
                grants.number("max", GrantDefinition.DEFAULT_MAX),
                grants.text("sticky").orElse(GrantDefinition.DEFAULT_STICKY),
                grants.text("bind").orElse(GrantDefinition.DEFAULT_BIND),
                grants.number("maxRemotes", GrantDefinition.DEFAULT_MAX_REMOTES),
                grants.text("hosts"));
    }

    PortDefinition port(BodyMembers port) {
        BodyMembers members = port.known(PORT);
        String bind = members.address("bind");
        String type = members.text("type").orElse("tcp");
        return new PortDefinition(
                members.text("name").orElse(PortDefinition.nameOf(type, bind)),
                members.flag("enabled", true),
                type,
                bind,
                members.address("remote"),
                http.read(members),
                UsersReader.users(members),
                new UdpDefinition(
                        members.text("idleTimeout"),
                        members.number("maxSessions"),
                        members.number("maxSessionsPerUser"),
                        members.number("replyLimit")));
    }

    HostDefinition host(BodyMembers host) {
        BodyMembers members = host.known(HOST);
        return new HostDefinition(
                members.text("host").orElse(""),
                members.text("path").orElse(HostDefinition.ALL_PATHS),
                members.texts("gateways"),
                members.flag("enabled", true),
                members.text("tls").orElse(HostDefinition.TERMINATE),
                members.address("remote"),
                http.read(members),
                UsersReader.users(members));
    }

    /** Reads a host whose name and path are in the request's address. */
    HostDefinition hostNamed(String host, String path, BodyMembers body) {
        return host(body.fixed("host", host, text -> HostDefinition.isSameName(text, host))
                .fixed("path", path));
    }

    /** Reads a remote whose name is in the path. */
    RemoteDefinition remoteNamed(String name, BodyMembers body) {
        return remote(body.fixed("name", name));
    }

    /** Reads a port whose name is in the path. */
    PortDefinition portNamed(String name, BodyMembers body) {
        return port(body.fixed("name", name));
    }
}
