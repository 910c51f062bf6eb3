package io.portproxy.manage;

import io.portproxy.server.exposed.gateway.HostSettings;
import java.util.List;

/**
 * A host name at gateways, or some of its paths, as an operator configures it. Names in it are not resolved, and the values are not
 * checked. The store keeps it as JSON with these names. A value that is missing in the JSON has its default, so that later versions can add
 * values.
 *
 * @param host one name, all names below one (for example {@code *.example.com}), or {@code *} for every other name
 * @param path the beginning of the paths that this entry serves; {@code /} for all
 * @param gateways the names of the gateways that serve the host; empty for all
 * @param enabled whether users are served; if not, they get an answer that says that the host is switched off
 * @param tls where TLS ends: {@code terminate}, at the gateway, or {@code passthrough}, at the target
 * @param remote the target as the remote sees it, a port or {@code host:port}
 * @param http how requests and answers are handled
 * @param users how users who connect are handled
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
    /** The default of {@link #path}. */
    public static final String ALL_PATHS = "/";

    /** The default of {@link #tls}. */
    public static final String TERMINATE = "terminate";

    public HostDefinition {
        gateways = List.copyOf(gateways);
        http = http == null ? HttpDefinition.NONE : http;
        users = users == null ? UsersDefinition.NONE : users;
    }

    /** A host with the defaults for {@link #http} and {@link #users}. */
    public HostDefinition(String host, String path, List<String> gateways, boolean enabled, String tls, String remote) {
        this(host, path, gateways, enabled, tls, remote, HttpDefinition.NONE, UsersDefinition.NONE);
    }

    /** Returns a copy with another {@link #http}. */
    public HostDefinition withHttp(HttpDefinition other) {
        return new HostDefinition(host, path, gateways, enabled, tls, remote, other, users);
    }

    /** Returns a copy with another {@link #users}. */
    public HostDefinition withUsers(UsersDefinition other) {
        return new HostDefinition(host, path, gateways, enabled, tls, remote, http, other);
    }

    /** Returns a copy with {@link HttpDefinition#HIDDEN} in place of each secret. */
    public HostDefinition withoutSecrets() {
        return withHttp(http.withoutSecrets());
    }

    /** Returns the host and path that users ask for, for example {@code app.example.com/api}. It identifies the host within its remote. */
    public String address() {
        return address(host, path);
    }

    /** Returns {@link #address()} for a host name and a path. */
    public static String address(String host, String path) {
        return path.equals(ALL_PATHS) ? host : host + path;
    }

    /** Returns whether this entry has that host name and path, see {@link #isSameName}. */
    boolean isFor(String otherHost, String otherPath) {
        return isSameName(host, otherHost) && path.equals(otherPath);
    }

    /** Returns whether a gateway serves the host. */
    public boolean isOn(String gateway) {
        return gateways.isEmpty() || gateways.contains(gateway);
    }

    /** Returns whether TLS passes through to the target. */
    public boolean isPassthrough() {
        return tls.equals("passthrough");
    }

    /** Returns whether one request could match both hosts. */
    boolean meets(HostSettings other) {
        return HostSettings.normal(host).equals(other.name())
                && (path.equals(other.path()) || isPassthrough() || other.isPassthrough())
                && (gateways.isEmpty()
                        || other.gateways().isEmpty()
                        || gateways.stream().anyMatch(other::isOn));
    }

    /**
     * Returns whether two host names are equal. Upper and lower case, a dot at the end, and the way in which non-ASCII characters are
     * written do not matter.
     */
    public static boolean isSameName(String one, String other) {
        return one.equals(other) || HostSettings.normal(one).equals(HostSettings.normal(other));
    }
}
