package io.portproxy.server.exposed;

import io.portproxy.http.HostPattern;
import io.portproxy.server.limits.LimitSettings;
import java.util.Optional;
import java.util.Set;

/**
 * A host, or a part of one, that leads to a remote's target.
 *
 * @param host which names
 * @param path which paths, as {@link io.portproxy.http.RequestPath#require} gives them
 * @param gateways the names of the gateways that have it; empty for all
 * @param route where users are carried to
 * @param access who may; empty: as the remote has it
 * @param limits what its users together may have
 */
public record HostSettings(
        HostPattern host,
        String path,
        Set<String> gateways,
        RouteSettings route,
        Optional<Access> access,
        LimitSettings limits) {
    /** One that says nothing of who may use it. */
    public HostSettings(HostPattern host, String path, Set<String> gateways, RouteSettings route) {
        this(host, path, gateways, route, Optional.empty(), LimitSettings.NONE);
    }

    /** The same, for other users. */
    public HostSettings withAccess(Optional<Access> other) {
        return new HostSettings(host, path, gateways, route, other, limits);
    }

    /** The same with other limits. */
    public HostSettings withLimits(LimitSettings others) {
        return new HostSettings(host, path, gateways, route, access, others);
    }

    public HostSettings {
        gateways = Set.copyOf(gateways);
    }

    /** Whether TLS goes to the target as it is, which has the certificate; then all paths do. */
    public boolean isPassthrough() {
        return route.http().isEmpty();
    }

    /** A name as it is compared; one that is no name stays as it is. */
    public static String normal(String name) {
        try {
            return HostPattern.parse(name).text();
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /** Its name, as in {@link #normal}. */
    public String name() {
        return host.text();
    }

    /** What users ask for: {@code app.example.com/api}. */
    public String address() {
        return path.equals("/") ? host.text() : host.text() + path;
    }

    /** As people see it, with the gateways if these are not all: {@code app.example.com/api (tls)}. */
    public String text() {
        return gateways.isEmpty()
                ? address()
                : address() + " ("
                        + String.join(", ", gateways.stream().sorted().toList()) + ")";
    }

    /** Whether a gateway has it. */
    public boolean isOn(String gateway) {
        return gateways.isEmpty() || gateways.contains(gateway);
    }
}
