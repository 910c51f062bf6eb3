package io.portproxy.config.check;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.HttpProperties;
import io.portproxy.config.properties.PortProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.http.HostHeader;
import io.portproxy.net.AddressSet;
import io.portproxy.net.UnixPath;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one exposed port against the addresses that are taken, and turns it into settings. */
final class PortCheck {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String EXAMPLE = "127.0.0.1:6688";

    private final ListenAddresses addresses;
    private final Problems problems;
    private final int maxRange;

    /**
     * @param addresses the addresses of everything else in this process
     * @param maxRange the most ports that one entry may have
     */
    PortCheck(ListenAddresses addresses, int maxRange, Problems problems) {
        this.maxRange = maxRange;
        this.addresses = addresses;
        this.problems = problems;
    }

    /**
     * Returns the settings; empty if there are problems at the place. Claims the address in both cases. May block on name
     * resolution.
     *
     * @param place the place of the port in the configuration
     * @param remoteEnabled whether its remote is enabled; if it is not, none of its ports is
     */
    Optional<PortSettings> run(Place place, PortProperties port, boolean remoteEnabled) {
        boolean unix = port.bind() != null && UnixPath.isWritten(port.bind());
        Optional<PortsText> range = unix ? Optional.empty() : range(bind(place), port);
        int count = range.map(PortsText::count).orElse(1);
        Optional<PortAddress> bind = unix ? socket(bind(place), port) : ports(bind(place), port, range);
        Optional<UdpSettings> udp = new UdpCheck(problems, place).run(port);
        Optional<RouteSettings> route =
                route(place, port.type(), port.remote(), count, remoteEnabled && port.enabled(), port.http(), false);
        AccessCheck lists = new AccessCheck(problems);
        Optional<Access> access = lists.run(place.key("access"), port.access());
        Optional<Quota> quota = new QuotaCheck(problems).run(place.key("quota"), port.quota());
        AddressSet proxies = lists.addresses(place.key("accept-proxy-protocol"), port.acceptProxyProtocol());
        LimitSettings limits = new LimitsCheck(problems).ofPort(place, port);
        return bind.isEmpty() || problems.areAt(place)
                ? Optional.empty()
                : route.map(there -> new PortSettings(
                        bind.get(),
                        there.enabled(),
                        there.targetHost(),
                        there.targetPort(),
                        there.http(),
                        access,
                        Optional.ofNullable(port.proxyProtocol()),
                        proxies,
                        udp,
                        quota,
                        limits));
    }

    private Optional<PortAddress> socket(Place place, PortProperties port) {
        String text = String.valueOf(port.bind());
        if (port.type() == PortType.UDP) {
            problems.add(
                    place,
                    text,
                    "is a unix socket, at which there are no datagrams of UDP",
                    "write host:port, such as " + EXAMPLE + ", or type: tcp");
            return Optional.empty();
        }
        return addresses.claimUnix(place, text).map(PortAddress.Socket::new);
    }

    private Optional<PortAddress> ports(Place place, PortProperties port, Optional<PortsText> range) {
        boolean udp = port.type() == PortType.UDP;
        return range.flatMap(ports -> addresses
                .claim(place, String.valueOf(port.bind()), ports, udp, LOOPBACK, EXAMPLE)
                .map(first -> new PortAddress.Ports(first, ports.count())));
    }

    /** Returns the ports that users connect to, as a text that has not been parsed. */
    private Optional<PortsText> range(Place place, PortProperties port) {
        String text = port.bind();
        if (text == null) {
            problems.add(
                    place,
                    null,
                    "is missing",
                    "write host:port, such as " + EXAMPLE + ", or a unix socket, such as unix:/run/portproxy/app.sock");
            return Optional.empty();
        }
        try {
            PortsText ports = PortsText.parse(text);
            if (ports.count() > 1 && port.type() == PortType.HTTP) {
                problems.add(
                        place,
                        text,
                        "is a range of ports, which type http cannot have",
                        "write one port, or type: tcp");
            } else if (ports.count() > maxRange) {
                problems.add(
                        place,
                        text,
                        "has " + ports.count() + " ports, more than portproxy.server.max-range (" + maxRange + ")",
                        "write fewer ports, several entries, or a higher portproxy.server.max-range");
            } else {
                return Optional.of(ports);
            }
        } catch (InvalidAddressException e) {
            problems.add(place, text, e.reason(), e.fix());
        }
        return Optional.empty();
    }

    /**
     * Returns the route of a port or host; empty if there are problems at the place.
     *
     * @param count the number of ports that lead to the target
     */
    Optional<RouteSettings> route(
            Place place,
            PortType type,
            @Nullable String remote,
            int count,
            boolean enabled,
            HttpProperties settings,
            boolean ofHost) {
        Optional<Target> target = target(place.key("remote"), type, remote, count);
        HttpCheck http = new HttpCheck(problems, place, type, settings, ofHost);
        http.run();
        return problems.areAt(place)
                ? Optional.empty()
                : target.map(there ->
                        new RouteSettings(enabled, there.host(), there.port(), http.settings(there.authority())));
    }

    /** Returns the place of a port's address. */
    static Place bind(Place port) {
        return port.key("bind");
    }

    /** @param count the number of ports that lead to the target */
    private Optional<Target> target(Place place, PortType type, @Nullable String text, int count) {
        String fix =
                "write the target's port on the remote, 1 to 65535, its host:port as the remote sees it, or a unix socket"
                        + " of the remote, such as unix:/run/app.sock";
        if (text == null) {
            problems.add(place, null, "is missing", fix);
            return Optional.empty();
        }
        try {
            PortsText ports = PortsText.parse(text);
            Target target = Target.parse(ports.first());
            if (ports.count() != count) {
                problems.add(place, text, otherLength(ports.count(), count), sameLength(target, count));
                return Optional.empty();
            }
            if (type == PortType.UDP && target.isUnix()) {
                problems.add(
                        place,
                        text,
                        "is a unix socket, which takes no datagrams of UDP",
                        "write the target's port or host:port, or type: tcp");
                return Optional.empty();
            }
            if (type != PortType.HTTP || isAuthority(target.authority())) {
                return Optional.of(target);
            }
            problems.add(place, text, "has a host that no Host header can have", fix);
        } catch (InvalidAddressException e) {
            problems.add(place, text, e.reason(), fix);
        }
        return Optional.empty();
    }

    private static String otherLength(int targets, int count) {
        return "has " + targets + (targets == 1 ? " port" : " ports") + ", and " + count
                + (count == 1 ? " leads there" : " lead there");
    }

    private static String sameLength(Target target, int count) {
        if (count == 1) {
            return "write one port, or as many in bind";
        }
        int first = target.isUnix() ? 1 : Math.min(target.port(), HostPort.MAX_PORT - count + 1);
        return "write as many ports as in bind, such as " + first + "-" + (first + count - 1);
    }

    private static boolean isAuthority(String target) {
        try {
            return HostHeader.of(target) instanceof HostHeader.Literal;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
