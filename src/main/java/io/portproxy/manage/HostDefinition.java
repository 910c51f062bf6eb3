package io.portproxy.manage;

import io.portproxy.server.exposed.HostSettings;
import java.util.List;

/**
 * A host name at gateways, or some of its paths, as a person describes it: nothing in it is looked up, nor need it be right. The store
 * keeps it as JSON of these names, and what is missing there has its default: more can be added.
 *
 * @param host the name: one, all below one as in {@code *.example.com}, or {@code *} for every other name
 * @param path the beginning of the paths that are meant; {@code /} for all
 * @param gateways the names of the gateways that have it; empty for all
 * @param enabled whether users are carried; otherwise they are told that it is switched off
 * @param tls where TLS ends: {@code terminate}, at the gateway, or {@code passthrough}, at the target
 * @param remote the target as the remote sees it, a port or {@code host:port}
 * @param http what is done with requests and answers
 * @param users what is done with users who connect
 */
public record HostDefinition(
        String host,
        String path,
        List<String> gateways,
        boolean enabled,
        String tls,
        String remote,
        HttpDefinition http,
        UsersDefinition users) {
    /** The path, where nothing is said. */
    public static final String ALL_PATHS = "/";

    /** Where TLS ends, where nothing is said. */
    public static final String TERMINATE = "terminate";

    public HostDefinition {
        gateways = List.copyOf(gateways);
        http = http == null ? HttpDefinition.NONE : http;
        users = users == null ? UsersDefinition.NONE : users;
    }

    /** One with which nothing else is done. */
    public HostDefinition(String host, String path, List<String> gateways, boolean enabled, String tls, String remote) {
        this(host, path, gateways, enabled, tls, remote, HttpDefinition.NONE, UsersDefinition.NONE);
    }

    /** The same, where something else is done with requests and answers. */
    public HostDefinition withHttp(HttpDefinition other) {
        return new HostDefinition(host, path, gateways, enabled, tls, remote, other, users);
    }

    /** The same, with other users. */
    public HostDefinition withUsers(UsersDefinition other) {
        return new HostDefinition(host, path, gateways, enabled, tls, remote, http, other);
    }

    /** The same, with {@link HttpDefinition#HIDDEN} for each secret. */
    public HostDefinition withoutSecrets() {
        return withHttp(http.withoutSecrets());
    }

    /** What users ask for, and what it is called, once in its remote: {@code app.example.com/api}. */
    public String address() {
        return address(host, path);
    }

    /** As {@link #address()}, of a name and a path. */
    public static String address(String host, String path) {
        return path.equals(ALL_PATHS) ? host : host + path;
    }

    /** Whether it is called that, see {@link #isSameName}. */
    boolean isFor(String otherHost, String otherPath) {
        return isSameName(host, otherHost) && path.equals(otherPath);
    }

    /** Whether a gateway has it. */
    public boolean isOn(String gateway) {
        return gateways.isEmpty() || gateways.contains(gateway);
    }

    /** Whether TLS goes to the target as it is. */
    public boolean isPassthrough() {
        return tls.equals("passthrough");
    }

    /** Whether a request could be for both. */
    boolean meets(HostSettings other) {
        return HostSettings.normal(host).equals(other.name())
                && (path.equals(other.path()) || isPassthrough() || other.isPassthrough())
                && (gateways.isEmpty()
                        || other.gateways().isEmpty()
                        || gateways.stream().anyMatch(other::isOn));
    }

    /** Whether two names mean the same: upper and lower case, a dot at the end, and how what is not ASCII is written do not matter. */
    public static boolean isSameName(String one, String other) {
        return one.equals(other) || HostSettings.normal(one).equals(HostSettings.normal(other));
    }
}
