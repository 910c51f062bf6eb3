package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.GatewayProperties;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.http.HostName;
import io.portproxy.net.AddressSet;
import io.portproxy.net.tls.ClientHello;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Checks the gateways and turns them into settings. */
final class GatewayCheck {
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,50}");

    private final ListenAddresses addresses;
    private final TlsCheck tls;
    private final Optional<TlsSettings> tunnelTls;
    private final Problems problems;
    private final Map<String, Place> placeOfName = new HashMap<>();
    private final List<GatewayNames.Named> named = new ArrayList<>();
    private final List<Https> https = new ArrayList<>();

    /**
     * @param addresses the addresses of everything else in this process
     * @param tunnelTls the TLS settings of the tunnel port
     */
    GatewayCheck(ListenAddresses addresses, TlsCheck tls, Optional<TlsSettings> tunnelTls, Problems problems) {
        this.tunnelTls = tunnelTls;
        this.addresses = addresses;
        this.tls = tls;
        this.problems = problems;
    }

    /**
     * A gateway that speaks TLS.
     *
     * @param port the port that users see; empty if it is wrong, which the check of that gateway reports
     */
    private record Https(Optional<Integer> port) {}

    /** A gateway to check, and its place in the configuration. */
    record Written(Place place, GatewayProperties gateway) {}

    /** Returns the settings of the gateways without problems. May block on name resolution. */
    List<GatewaySettings> run(Place place, List<GatewayProperties> gateways) {
        List<Written> written = new ArrayList<>();
        for (int i = 0; i < gateways.size(); i++) {
            written.add(new Written(place.entry(i), gateways.get(i)));
        }
        return run(written).stream().flatMap(Optional::stream).toList();
    }

    /** Returns the settings of each gateway, in their order; empty for a gateway with problems. May block on name resolution. */
    List<Optional<GatewaySettings>> run(List<Written> gateways) {
        gateways.stream()
                .map(Written::gateway)
                .filter(gateway -> gateway.ssl().isOn())
                .forEach(gateway -> https.add(new Https(port(gateway))));
        List<Optional<GatewaySettings>> settings = new ArrayList<>();
        for (Written one : gateways) {
            settings.add(run(one.place(), one.gateway()));
            named(one.place(), one.gateway()).ifPresent(named::add);
        }
        return settings;
    }

    /** Adds a gateway that is already right. It takes precedence over those that are checked later. */
    void take(GatewaySettings gateway) {
        placeOfName.put(gateway.name(), Place.property("the name of another gateway"));
        if (gateway.certificates().isPresent()) {
            https.add(new Https(gateway.address()
                    .publicPort()
                    .or(() -> Optional.of(gateway.bind().getPort()))));
        }
    }

    /** Returns what the check of hosts needs to know of the gateways, including those with problems. */
    GatewayNames names() {
        return new GatewayNames(named);
    }

    /** Returns the name of a gateway, if it is the first gateway with that name. */
    private Optional<GatewayNames.Named> named(Place at, GatewayProperties gateway) {
        return Optional.ofNullable(gateway.name())
                .filter(name -> at.key("name").equals(placeOfName.get(name)))
                .map(name -> new GatewayNames.Named(
                        name,
                        at,
                        gateway.ssl().isOn(),
                        Optional.ofNullable(gateway.tunnel()).map(HostName::normal)));
    }

    private Optional<GatewaySettings> run(Place place, GatewayProperties gateway) {
        name(place.key("name"), gateway.name());
        Optional<InetSocketAddress> bind =
                addresses.claim(place.key("bind"), gateway.bind(), ANY_ADDRESS, "0.0.0.0:80");
        Optional<ServerNames> certificates = certificates(place, gateway);
        Optional<Integer> redirect = gateway.redirectToHttps() ? redirect(place, gateway) : Optional.empty();
        RangeCheck ranges = new RangeCheck(problems, place);
        if (gateway.publicPort() != null) {
            ranges.number("public-port", gateway.publicPort(), 1, 65535);
        }
        ranges.duration("request-timeout", gateway.requestTimeout());
        ranges.number("max-pending", gateway.maxPending(), 1, 1_000_000);
        ranges.size("max-request-head", gateway.maxRequestHead(), DataSize.ofKilobytes(1), DataSize.ofMegabytes(1));
        AddressSet proxies =
                new AccessCheck(problems).addresses(place.key("accept-proxy-protocol"), gateway.acceptProxyProtocol());
        if (bind.isEmpty() || problems.areAt(place)) {
            return Optional.empty();
        }
        return Optional.of(new GatewaySettings(
                String.valueOf(gateway.name()),
                new GatewaySettings.Address(bind.get(), Optional.ofNullable(gateway.publicPort()), proxies),
                certificates,
                Optional.ofNullable(gateway.tunnel()).map(HostName::require),
                redirect,
                new GatewaySettings.Requests(
                        gateway.requestTimeout(),
                        gateway.maxPending(),
                        Math.toIntExact(gateway.maxRequestHead().toBytes())),
                tls.acme()));
    }

    private Optional<ServerNames> certificates(Place place, GatewayProperties gateway) {
        GatewayProperties.Ssl ssl = gateway.ssl();
        Place at = place.key("ssl");
        if (ssl.bundle() != null && !ssl.bundles().isEmpty()) {
            problems.add(at.key("bundles"), ssl.bundles(), "is set together with bundle", "write all names in bundles");
        }
        if (ssl.acme() && (ssl.bundle() != null || !ssl.bundles().isEmpty())) {
            problems.add(
                    at.key("acme"),
                    true,
                    "is set together with " + (ssl.bundle() != null ? "bundle" : "bundles"),
                    "remove one of the two");
        }
        Optional<ServerNames> own = ssl.acme()
                ? Optional.of(tls.acme())
                : ssl.bundle() == null
                        ? tls.certificates(at.key("bundles"), ssl.bundles())
                        : tls.certificates(at.key("bundle"), ssl.bundle());
        String tunnel = gateway.tunnel();
        if (tunnel == null) {
            return own;
        }
        String name = tunnel(place.key("tunnel"), tunnel, ssl);
        return own.map(others -> tunnelTls
                .<ServerNames>map(settings -> new TunnelAndHosts(name, settings, others))
                .orElse(others));
    }

    private String tunnel(Place place, String tunnel, GatewayProperties.Ssl ssl) {
        if (!ssl.isOn()) {
            problems.add(
                    place,
                    tunnel,
                    "has no effect without TLS: remotes ask for this name in TLS",
                    "write ssl.bundle or ssl.acme for this gateway, or remove it");
        }
        try {
            return HostName.require(tunnel);
        } catch (IllegalArgumentException e) {
            problems.add(place, tunnel, String.valueOf(e.getMessage()), "write a name, such as tunnel.example.com");
            return tunnel;
        }
    }

    /** The TLS of the tunnel port for clients that ask for its name, and the certificates of the hosts for all others. */
    private record TunnelAndHosts(String name, TlsSettings settings, ServerNames hosts) implements ServerNames {
        @Override
        public Optional<ServerCertificate> find(ClientHello hello) {
            return hello.serverName()
                    .filter(asked -> HostName.normal(asked).equals(name))
                    .map(asked -> new ServerCertificate(settings, Set.of(name)))
                    .or(() -> hosts.find(hello));
        }
    }

    private void name(Place place, @Nullable String name) {
        String fix = "write a name of 1 to 50 letters, digits and hyphens, such as web";
        if (name == null) {
            problems.add(place, null, "is missing", fix);
        } else if (!NAME.matcher(name).matches()) {
            problems.add(place, name, "is no name of a gateway", fix);
        } else {
            Place other = placeOfName.putIfAbsent(name, place);
            if (other != null) {
                problems.add(place, name, "is the same as " + other, "give each gateway a name of its own");
            }
        }
    }

    /** Returns the port in the addresses of redirects. */
    private Optional<Integer> redirect(Place place, GatewayProperties gateway) {
        Place at = place.key("redirect-to-https");
        if (gateway.ssl().isOn() || https.isEmpty()) {
            problems.add(
                    at,
                    true,
                    https.isEmpty() ? "leads nowhere: no gateway has ssl" : "is of a gateway that speaks https itself",
                    https.isEmpty() ? "write a gateway with ssl.bundle or ssl.acme, or remove it" : "remove it");
            return Optional.empty();
        }
        return https.get(0).port();
    }

    private static Optional<Integer> port(GatewayProperties https) {
        if (https.publicPort() != null) {
            return Optional.of(https.publicPort());
        }
        try {
            return Optional.of(
                    HostPort.parse(String.valueOf(https.bind()), "0.0.0.0:443").port());
        } catch (HostPort.InvalidAddressException e) {
            return Optional.empty(); // the check of that gateway reports it
        }
    }
}
