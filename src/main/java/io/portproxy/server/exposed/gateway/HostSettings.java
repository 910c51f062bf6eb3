package io.portproxy.server.exposed.gateway;

import io.portproxy.http.HostPattern;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.limits.LimitSettings;
import java.util.Optional;
import java.util.Set;

/**
 * A host, or a part of one, that leads to a target of a remote.
 *
 * @param host the host names
 * @param path the paths, as {@link io.portproxy.http.RequestPath#require} returns them
 * @param gateways the names of the gateways that have the host; empty for all
 * @param route the settings of its route
 * @param access which users may connect; empty: as the remote says
 * @param limits the limits for its users together
 */
public record HostSettings(
        HostPattern host,
        String path,
        Set<String> gateways,
        RouteSettings route,
        Optional<Access> access,
        LimitSettings limits) {
    /** A host without an access list and without limits. */
    public HostSettings(HostPattern host, String path, Set<String> gateways, RouteSettings route) {
        this(host, path, gateways, route, Optional.empty(), LimitSettings.NONE);
    }

    /** Returns a copy with another access list. */
    public HostSettings withAccess(Optional<Access> other) {
        return new HostSettings(host, path, gateways, route, other, limits);
    }

    /** Returns a copy with other limits. */
    public HostSettings withLimits(LimitSettings others) {
        return new HostSettings(host, path, gateways, route, access, others);
    }

    public HostSettings {
        gateways = Set.copyOf(gateways);
    }

    /** Whether TLS goes to the target unchanged. The target then has the certificate, and gets all paths. */
    public boolean isPassthrough() {
        return route.http().isEmpty();
    }

    /**
     * Returns a host name in the form in which names are compared; a text that is not a host name is returned
     * unchanged.
     */
    public static String normal(String name) {
        try {
            return HostPattern.parse(name).text();
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /** The name, in the form of {@link #normal}. */
    public String name() {
        return host.text();
    }

    /** What users ask for: {@code app.example.com/api}. */
    public String address() {
        return path.equals("/") ? host.text() : host.text() + path;
    }

    /** The text that people see, with the gateways unless these are all: {@code app.example.com/api (tls)}. */
    public String text() {
        return gateways.isEmpty()
                ? address()
                : address() + " ("
                        + String.join(", ", gateways.stream().sorted().toList()) + ")";
    }

    /** Whether a gateway has the host. */
    public boolean isOn(String gateway) {
        return gateways.isEmpty() || gateways.contains(gateway);
    }
}
