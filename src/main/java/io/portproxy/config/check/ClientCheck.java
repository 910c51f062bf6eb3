package io.portproxy.config.check;

import io.portproxy.client.AllowedPorts;
import io.portproxy.client.AllowedSockets;
import io.portproxy.client.AllowedTarget;
import io.portproxy.client.ClientSettings;
import io.portproxy.client.ConnectTo;
import io.portproxy.client.DialTimes;
import io.portproxy.client.ExposeWish;
import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.config.check.HostPort.UnresolvedException;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.ClientProperties;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.config.properties.Secret;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks {@link ClientProperties} and turns them into settings. */
final class ClientCheck {
    private static final Place PLACE =
            Place.property(PortProxyProperties.PREFIX).key("client");
    private static final String EXAMPLE = "proxy.example.org:9015";
    private static final int MAX_TUNNELS = 16;
    private static final int MAX_EXPOSED = Wire.MAX_UNANSWERED_EXPOSES;
    private static final int MAX_PORT = 65535;
    private static final int MAX_ASKED = 10_000;

    private final ClientProperties properties;
    private final TunnelCheck tunnel;
    private final Duration shutdownGrace;
    private final TlsCheck tls;
    private final Problems problems;
    private final RangeCheck ranges;

    /** @param shutdownGrace how long streams may take to end, also at an address that the server's name no longer has */
    ClientCheck(ClientProperties properties, Duration shutdownGrace, TlsCheck tls, Problems problems) {
        this.properties = properties;
        this.tunnel = new TunnelCheck(properties);
        this.shutdownGrace = shutdownGrace;
        this.tls = tls;
        this.problems = problems;
        this.ranges = new RangeCheck(problems, PLACE);
    }

    /** Returns the settings; empty if there are problems. May block on name resolution. */
    Optional<ClientSettings> run() {
        tunnel.run(ranges);
        ranges.duration("connect-timeout", properties.connectTimeout());
        ranges.duration("greeting-timeout", properties.greetingTimeout());
        ranges.duration("resolve-interval", properties.resolveInterval(), Duration.ofSeconds(1));
        ranges.duration("reconnect.initial", properties.reconnect().initial(), Duration.ofMillis(1));
        ranges.duration("reconnect.max", properties.reconnect().max(), Duration.ofMillis(1));
        ranges.atLeast(
                "reconnect.max",
                properties.reconnect().max(),
                "reconnect.initial",
                properties.reconnect().initial());
        String name = RemoteName.check(problems, PLACE.key("name"), properties.name());
        Optional<InetSocketAddress> server = server();
        Token token = token();
        tunnels();
        ranges.number("asked-targets", properties.askedTargets(), 1, MAX_ASKED);
        List<ExposeWish> expose = expose();
        List<AllowedTarget> allow = allow(expose);
        Optional<TlsSettings> encryption =
                tls.client(PLACE.key("ssl").key("bundle"), properties.ssl().bundle());
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        return server.map(address -> new ClientSettings(
                name,
                address,
                connectTo(),
                properties.protocol(),
                token,
                encryption,
                allow,
                expose,
                properties.askedTargets(),
                properties.tunnels(),
                new DialTimes(
                        properties.connectTimeout(),
                        properties.greetingTimeout(),
                        properties.reconnect().initial(),
                        properties.reconnect().max()),
                tunnel.settings()));
    }

    private ConnectTo connectTo() {
        return properties.connectTo() == ClientProperties.ConnectTo.ALL
                ? new ConnectTo(true, properties.resolveInterval(), shutdownGrace)
                : ConnectTo.ANY;
    }

    private Token token() {
        Secret written = properties.token();
        Place place = PLACE.key("token");
        if (written == null) {
            return Token.NONE;
        } else if (properties.protocol() == Dialect.CLASSIC) {
            problems.add(
                    place,
                    written,
                    "has no effect with protocol: classic, which has no tokens",
                    "set " + PLACE.key("protocol") + " to extended, or remove the token");
        }
        return Tokens.check(problems, place, written).orElse(Token.NONE);
    }

    private void tunnels() {
        ranges.number("tunnels", properties.tunnels(), 1, MAX_TUNNELS);
        if (properties.tunnels() > 1 && properties.protocol() == Dialect.CLASSIC) {
            ranges.problem(
                    "tunnels",
                    properties.tunnels(),
                    "is more than protocol: classic can have",
                    "write 1, or set " + PLACE.key("protocol") + " to extended");
        }
    }

    private List<ExposeWish> expose() {
        Place place = PLACE.key("expose");
        List<ClientProperties.Expose> written = properties.expose();
        if (!written.isEmpty() && properties.protocol() == Dialect.CLASSIC) {
            problems.add(
                    place.entry(0).key("target"),
                    written.get(0).target(),
                    "has no effect with protocol: classic, which cannot ask for ports",
                    "set " + PLACE.key("protocol") + " to extended, or remove expose");
        } else if (written.size() > MAX_EXPOSED) {
            problems.add(place, written.size() + " entries", "is too long", "write up to " + MAX_EXPOSED);
        }
        List<ExposeWish> wishes = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            wish(place.entry(i), written.get(i)).ifPresent(wishes::add);
        }
        return wishes;
    }

    private Optional<ExposeWish> wish(Place place, ClientProperties.Expose written) {
        String fix = "write the target's port at 127.0.0.1, or its host:port";
        Integer port = written.port();
        if (port != null && (port < 1 || port > MAX_PORT)) {
            problems.add(
                    place.key("port"), port, "is out of range", "write 1 to " + MAX_PORT + ", or nothing for any port");
        }
        boolean http = written.type() == PortType.HTTP;
        if (written.type() == PortType.UDP) {
            problems.add(
                    place.key("type"),
                    written.type(),
                    "cannot be asked for by a remote",
                    "write tcp or http, or configure a port of type udp at the server");
        }
        if (http && port != null) {
            problems.add(
                    place.key("port"),
                    port,
                    "has no effect on type http, which gets a host name",
                    "remove port, or type");
        }
        if (written.target() == null) {
            problems.add(place.key("target"), null, "is missing", fix);
            return Optional.empty();
        }
        try {
            Target target = Target.parse(written.target());
            if (target.isUnix()) {
                problems.add(
                        place.key("target"),
                        written.target(),
                        "is a unix socket, for which a remote cannot ask",
                        "write a port or host:port, or configure a port with remote: " + written.target()
                                + " at the server");
                return Optional.empty();
            }
            return Optional.of(new ExposeWish(target.host(), target.port(), port == null ? 0 : port, http));
        } catch (InvalidAddressException e) {
            problems.add(place.key("target"), written.target(), e.reason(), fix);
            return Optional.empty();
        }
    }

    private List<AllowedTarget> allow(List<ExposeWish> expose) {
        List<String> written = properties.allow();
        Place place = PLACE.key("allow");
        String fix = "write a port of 127.0.0.1, host:port, or host:* for every port of a host; a range, such as"
                + " host:5000-5010; or a unix socket, such as unix:/run/app.sock";
        List<AllowedTarget> allow = new ArrayList<>();
        expose.forEach(wish -> allow.add(
                new AllowedPorts(wish.host().orElse(AllowedTarget.LOOPBACK), Optional.of(wish.targetPort()))));
        if (written == null) {
            return expose.isEmpty() ? List.of(new AllowedPorts(AllowedTarget.LOOPBACK, Optional.empty())) : allow;
        } else if (written.isEmpty() && expose.isEmpty()) {
            problems.add(place, null, "is empty: no target could be reached", fix);
        }
        for (int i = 0; i < written.size(); i++) {
            try {
                AllowedTarget allowed = AllowedText.parse(written.get(i));
                allow.add(allowed);
                unixOverClassic(place.entry(i), allowed);
            } catch (InvalidAddressException e) {
                problems.add(place.entry(i), written.get(i), e.reason(), fix);
            }
        }
        return allow;
    }

    private void unixOverClassic(Place place, AllowedTarget allowed) {
        if (allowed instanceof AllowedSockets && properties.protocol() == Dialect.CLASSIC) {
            problems.add(
                    place,
                    allowed.text(),
                    "has no effect with protocol: classic, in which a server cannot name a unix socket",
                    "set " + PLACE.key("protocol") + " to extended, or remove it");
        }
    }

    private Optional<InetSocketAddress> server() {
        Place place = PLACE.key("server");
        String text = properties.server();
        String fix = "write the proxy server's host:port, such as " + EXAMPLE;
        if (text == null) {
            problems.add(place, null, "is missing", fix);
            return Optional.empty();
        }
        try {
            HostPort written = HostPort.parse(text, EXAMPLE);
            if (written.host().isEmpty() || written.port() == 0) {
                problems.add(place, text, written.host().isEmpty() ? "has no host" : "has port 0", fix);
                return Optional.empty();
            }
            if (properties.resolveAtStart()) {
                written.resolve("correct the name, or set " + PLACE.key("resolve-at-start")
                        + " to false to start anyway, and to try again until the name resolves");
            }
            return Optional.of(InetSocketAddress.createUnresolved(written.hostWithoutBrackets(), written.port()));
        } catch (UnresolvedException e) {
            problems.addPassing(place, text, e.reason(), e.fix());
            return Optional.empty();
        } catch (InvalidAddressException e) {
            problems.add(place, text, e.reason(), e.fix());
            return Optional.empty();
        }
    }
}
