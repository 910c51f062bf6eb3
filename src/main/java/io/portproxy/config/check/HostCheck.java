package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.HostProperties;
import io.portproxy.http.HostPattern;
import io.portproxy.http.RequestPath;
import io.portproxy.manage.HostDefinition;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.HostClaims;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the hosts of remotes against the existing hosts, and turns them into settings. */
final class HostCheck {
    private final GatewayNames known;
    private final Set<String> gateways;
    private final PortCheck ports;
    private final Problems problems;
    private final HostClaims<Place> claims = new HostClaims<>();
    private final Set<Place> taken = new HashSet<>(); // places whose host belongs to another remote

    /** @param known all gateways */
    HostCheck(GatewayNames known, PortCheck ports, Problems problems) {
        this.known = known;
        this.gateways = known.names();
        this.ports = ports;
        this.problems = problems;
    }

    /**
     * Returns the settings; empty if there are problems at the place.
     *
     * @param place the place of the host in the configuration
     * @param remoteName the remote that the host belongs to
     * @param remoteEnabled whether that remote is enabled; if it is not, none of its hosts is
     */
    Optional<HostSettings> run(Place place, @Nullable String remoteName, HostProperties host, boolean remoteEnabled) {
        Optional<HostPattern> pattern = pattern(place.key("host"), host.host());
        String path = path(place.key("path"), host.path());
        if (host.tls() == HostProperties.TlsEnd.PASSTHROUGH && !path.equals("/")) {
            problems.add(
                    place.key("path"),
                    path,
                    "cannot be with tls: passthrough, where nobody but the target sees a path",
                    "remove path, or tls");
        }
        gateways(place, host.gateways());
        if (host.tls() == HostProperties.TlsEnd.PASSTHROUGH) {
            passthrough(place, host.gateways());
        }
        Optional<RouteSettings> route =
                ports.route(place, host.type(), host.remote(), 1, remoteEnabled && host.enabled(), host.http(), true);
        Optional<Access> access = new AccessCheck(problems).run(place.key("access"), host.access());
        Optional<Quota> quota = new QuotaCheck(problems).run(place.key("quota"), host.quota());
        LimitSettings limits = new LimitsCheck(problems).run(place, host.limits(), host.holdWhileAway());
        if (pattern.isEmpty() || route.isEmpty() || problems.areAt(place)) {
            return Optional.empty();
        }
        HostSettings settings = new HostSettings(
                pattern.get(),
                path,
                Set.copyOf(host.gateways()),
                route.get()
                        .withProxyProtocol(Optional.ofNullable(host.proxyProtocol()))
                        .withQuota(quota),
                access,
                limits);
        tunnel(place.key("host"), settings);
        claim(place.key("host"), remoteName, settings);
        return problems.areAt(place) ? Optional.empty() : Optional.of(settings);
    }

    private Optional<HostPattern> pattern(Place place, @Nullable String text) {
        String fix =
                "write a name, such as app.example.com, *.example.com for all below one, or * for every other name";
        if (text == null) {
            problems.add(place, null, "is missing", fix);
            return Optional.empty();
        }
        try {
            return Optional.of(HostPattern.parse(text));
        } catch (IllegalArgumentException e) {
            problems.add(place, text, String.valueOf(e.getMessage()), fix);
            return Optional.empty();
        }
    }

    private String path(Place place, String text) {
        try {
            return RequestPath.require(text);
        } catch (IllegalArgumentException e) {
            problems.add(place, text, String.valueOf(e.getMessage()), "write the beginning of a path, such as /api");
            return "/";
        }
    }

    private void gateways(Place place, List<String> names) {
        if (gateways.isEmpty()) {
            problems.add(
                    place,
                    null,
                    "cannot be reached: there is no gateway",
                    "write portproxy.server.gateways with a name and bind, such as {name: web, bind: 0.0.0.0:80}");
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            if (!gateways.contains(names.get(i))) {
                problems.add(
                        place.key("gateways").entry(i),
                        names.get(i),
                        "is no gateway",
                        "write one of "
                                + String.join(", ", gateways.stream().sorted().toList()));
            }
        }
    }

    private void passthrough(Place place, List<String> names) {
        List<GatewayNames.Named> its = known.of(names);
        if (!its.isEmpty() && its.stream().noneMatch(GatewayNames.Named::tls)) {
            problems.add(
                    place.key("tls"),
                    "passthrough",
                    "cannot be reached: no gateway of this host has ssl ("
                            + its.stream()
                                    .map(GatewayNames.Named::name)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ")",
                    "write ssl.bundle or ssl.acme for one of its gateways, or remove tls");
        }
    }

    private void tunnel(Place place, HostSettings host) {
        known.tunnelOf(host)
                .ifPresent(gateway -> problems.add(
                        place,
                        host.address(),
                        "is the same as " + gateway.place().key("tunnel")
                                + ", the name by which remotes ask for the tunnel port",
                        "write another host, other gateways, or another name for the tunnel port"));
    }

    /** Claims a host of a remote that is already right. */
    void claim(String remoteName, HostSettings host) {
        for (String gateway : gateways) {
            Optional<Place> unused = claims.claim(gateway, host, Place.property("remote " + remoteName));
        }
    }

    /** Reserves a host for a remote that is not exposed. Does nothing if the host is wrong. */
    void reserve(String remoteName, HostDefinition host) {
        try {
            HostPattern pattern = HostPattern.parse(host.host());
            String path = RequestPath.require(host.path());
            Place owner = Place.property("remote " + remoteName + ", which is not exposed now,");
            for (String gateway : gateways) {
                if (host.isOn(gateway)) {
                    Optional<Place> unused = claims.claim(gateway, pattern, path, host.isPassthrough(), owner);
                }
            }
        } catch (IllegalArgumentException e) {
            // the check of its remote reports it
        }
    }

    /** Returns whether the problem at a place is that the host belongs to another remote, which is already right. */
    boolean isTaken(Place place) {
        return taken.contains(place);
    }

    private void claim(Place place, @Nullable String remoteName, HostSettings host) {
        for (String gateway : gateways) {
            Optional<Place> other = claims.claim(gateway, host, place);
            if (other.isPresent()) {
                tellTaken(place, remoteName, host, other.get());
                return;
            }
        }
    }

    private void tellTaken(Place place, @Nullable String remoteName, HostSettings host, Place other) {
        boolean ofRemote = !place.isProperty() && other.isProperty();
        if (ofRemote) {
            taken.add(place);
        }
        problems.add(
                place,
                host.address(),
                ofRemote
                        ? "leads to " + other + " already, and cannot lead to remote " + remoteName + " too"
                        : "is the same as " + other,
                "write another host or path, or other gateways: a request goes to one target, and with tls: passthrough a host"
                        + " has one target for all paths");
    }
}
