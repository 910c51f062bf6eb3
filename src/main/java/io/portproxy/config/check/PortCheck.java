package io.portproxy.config.check;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.PortType;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.http.HostHeader;
import io.portproxy.net.AddressSet;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one exposed port, beside the addresses that are taken, and turns it into settings. */
final class PortCheck {
    private static final String LOOPBACK = "127.0.0.1";

    private final ListenAddresses addresses;
    private final Problems problems;

    /** @param addresses those of everything else in this process */
    PortCheck(ListenAddresses addresses, Problems problems) {
        this.addresses = addresses;
        this.problems = problems;
    }

    /**
     * The settings, or empty if there are problems at the place. Takes the address in any case; may block on name resolution.
     *
     * @param place where the port is written
     * @param remoteEnabled whether its remote is enabled; otherwise none of its ports is
     */
    Optional<PortSettings> run(Place place, ServerProperties.Port port, boolean remoteEnabled) {
        Optional<InetSocketAddress> bind =
                addresses.claim(bind(place), port.bind(), port.type() == PortType.UDP, LOOPBACK, "127.0.0.1:6688");
        Optional<UdpSettings> udp = new UdpCheck(problems, place).run(port);
        Optional<RouteSettings> route =
                route(place, port.type(), port.remote(), remoteEnabled && port.enabled(), port.http(), false);
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

    /** Where it leads, or empty if there are problems with that. */
    Optional<RouteSettings> route(
            Place place,
            PortType type,
            @Nullable String remote,
            boolean enabled,
            ServerProperties.Http settings,
            boolean ofHost) {
        Optional<Target> target = target(place.key("remote"), type, remote);
        HttpCheck http = new HttpCheck(problems, place, type, settings, ofHost);
        http.run();
        return problems.areAt(place)
                ? Optional.empty()
                : target.map(there ->
                        new RouteSettings(enabled, there.host(), there.port(), http.settings(there.authority())));
    }

    /** Where a port's address is written. */
    static Place bind(Place port) {
        return port.key("bind");
    }

    private Optional<Target> target(Place place, PortType type, @Nullable String text) {
        String fix = "write the target's port on the remote, 1 to 65535, its host:port as the remote sees it, or a unix socket"
                + " of the remote, such as unix:/run/app.sock";
        if (text == null) {
            problems.add(place, null, "is missing", fix);
            return Optional.empty();
        }
        try {
            Target target = Target.parse(text);
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

    private static boolean isAuthority(String target) {
        try {
            return HostHeader.of(target) instanceof HostHeader.Literal;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
