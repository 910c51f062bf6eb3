package io.portproxy.config.definition;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.RemotePlaces;
import io.portproxy.config.properties.GrantProperties;
import io.portproxy.config.properties.HostProperties;
import io.portproxy.config.properties.PortProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.config.properties.RemoteProperties;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.UdpDefinition;
import io.portproxy.manage.UsersDefinition;
import io.portproxy.net.Durations;
import io.portproxy.net.ProxyHeader;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/**
 * Converts remotes between properties and definitions. Both say the same, but properties contain parsed values where definitions
 * contain texts.
 */
public final class RemoteDefinitions {
    private RemoteDefinitions() {}

    /** Converts properties to a definition. */
    public static RemoteDefinition of(RemoteProperties remote) {
        return new RemoteDefinition(
                text(remote.remoteName()),
                text(remote.description()),
                remote.enabled(),
                remote.tokens() == null,
                remote.portList().stream().map(RemoteDefinitions::of).toList(),
                remote.hostList().stream().map(RemoteDefinitions::of).toList(),
                Optional.ofNullable(remote.grants()).map(RemoteDefinitions::of),
                UserDefinitions.access(remote.access()),
                QuotaDefinitions.of(remote.quota()),
                LimitDefinitions.of(remote.limits()),
                LimitDefinitions.text(remote.holdWhileAway()));
    }

    private static GrantDefinition of(GrantProperties grants) {
        return new GrantDefinition(
                text(grants.ports()),
                grants.max(),
                Durations.text(grants.sticky()),
                grants.bind(),
                grants.maxRemotes(),
                Optional.ofNullable(grants.hosts()));
    }

    private static PortDefinition of(PortProperties port) {
        return new PortDefinition(
                port.name() == null ? PortDefinition.nameOf(port.type().toString(), text(port.bind())) : port.name(),
                port.enabled(),
                port.type().toString(),
                text(port.bind()),
                text(port.remote()),
                HttpDefinitions.of(port.http()),
                UserDefinitions.of(port),
                of(port.udp()));
    }

    private static UdpDefinition of(PortProperties.Udp udp) {
        return new UdpDefinition(
                Optional.ofNullable(udp.idleTimeout()).map(Durations::text),
                Optional.ofNullable(udp.maxSessions()),
                Optional.ofNullable(udp.maxSessionsPerUser()),
                Optional.ofNullable(udp.replyLimit()));
    }

    private static HostDefinition of(HostProperties host) {
        return new HostDefinition(
                text(host.host()),
                host.path(),
                host.gateways(),
                host.enabled(),
                host.tls().toString(),
                text(host.remote()),
                HttpDefinitions.of(host.http()),
                UserDefinitions.of(host));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /**
     * Converts a definition to properties.
     *
     * @param problems receives a problem for each text that cannot be read
     * @param places the places of the definition in the request
     */
    public static RemoteProperties properties(RemoteDefinition remote, Problems problems, RemotePlaces places) {
        List<PortProperties> ports = new ArrayList<>();
        for (int i = 0; i < remote.ports().size(); i++) {
            ports.add(properties(remote.ports().get(i), problems, places.port(i)));
        }
        List<HostProperties> hosts = new ArrayList<>();
        for (int i = 0; i < remote.hosts().size(); i++) {
            hosts.add(properties(remote.hosts().get(i), problems, places.host(i)));
        }
        return new RemoteProperties(
                remote.name(),
                remote.description(),
                remote.enabled(),
                null,
                ports,
                hosts,
                remote.grants()
                        .map(grants -> properties(grants, problems, places.key("grants")))
                        .orElse(null),
                UserDefinitions.properties(remote.access()),
                QuotaDefinitions.properties(remote.quota(), problems, places.remote()),
                LimitDefinitions.properties(remote.limits(), problems, places.remote()),
                LimitDefinitions.time(remote.holdWhileAway(), problems, places.key("hold-while-away")));
    }

    private static GrantProperties properties(GrantDefinition grants, Problems problems, Place place) {
        return new GrantProperties(
                grants.ports().isEmpty() ? null : grants.ports(),
                grants.hosts().orElse(null),
                grants.max(),
                duration(problems, place.key("sticky"), grants.sticky()),
                grants.bind(),
                grants.maxRemotes());
    }

    static Duration duration(Problems problems, Place place, String text) {
        try {
            return DurationStyle.detectAndParse(text, ChronoUnit.SECONDS);
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(place, text, "is not a length of time", "write a number with a unit, such as 24h");
            return Duration.ZERO;
        }
    }

    private static PortProperties properties(PortDefinition port, Problems problems, Place place) {
        return new PortProperties(
                port.name(),
                port.enabled(),
                constant(PortType.class, problems, place.key("type"), Optional.of(port.type()))
                        .orElse(PortType.TCP),
                port.bind().isEmpty() ? null : port.bind(),
                port.remote().isEmpty() ? null : port.remote(),
                null,
                port.http().hostHeader().orElse(null),
                constant(
                                ForwardedHeaders.class,
                                problems,
                                place.key("forwarded-headers"),
                                port.http().forwardedHeaders())
                        .orElse(null),
                port.http().trustedProxies().isEmpty() ? null : port.http().trustedProxies(),
                size(problems, place.key("max-request-head"), port.http().maxRequestHead()),
                HttpDefinitions.responseTimeout(port.http(), problems, place),
                HttpDefinitions.headers(port.http()),
                HttpDefinitions.hsts(port.http(), problems, place),
                HttpDefinitions.auth(port.http()),
                UserDefinitions.properties(port.users().access()),
                proxyProtocol(port.users(), problems, place),
                port.users().acceptProxyProtocol().isEmpty()
                        ? null
                        : port.users().acceptProxyProtocol(),
                port.udp()
                        .idleTimeout()
                        .map(text -> duration(problems, place.key("idle-timeout"), text))
                        .orElse(null),
                port.udp().maxSessions().orElse(null),
                port.udp().maxSessionsPerUser().orElse(null),
                port.udp().replyLimit().orElse(null),
                QuotaDefinitions.properties(port.users().quota(), problems, place),
                LimitDefinitions.properties(port.users().limits(), problems, place),
                LimitDefinitions.time(port.users().holdWhileAway(), problems, place.key("hold-while-away")));
    }

    private static HostProperties properties(HostDefinition host, Problems problems, Place place) {
        return new HostProperties(
                host.host().isEmpty() ? null : host.host(),
                host.path(),
                host.gateways(),
                host.enabled(),
                constant(HostProperties.TlsEnd.class, problems, place.key("tls"), Optional.of(host.tls()))
                        .orElse(HostProperties.TlsEnd.TERMINATE),
                host.remote().isEmpty() ? null : host.remote(),
                host.http().hostHeader().orElse(null),
                constant(
                                ForwardedHeaders.class,
                                problems,
                                place.key("forwarded-headers"),
                                host.http().forwardedHeaders())
                        .orElse(null),
                host.http().trustedProxies().isEmpty() ? null : host.http().trustedProxies(),
                size(problems, place.key("max-request-head"), host.http().maxRequestHead()),
                HttpDefinitions.responseTimeout(host.http(), problems, place),
                HttpDefinitions.headers(host.http()),
                HttpDefinitions.hsts(host.http(), problems, place),
                HttpDefinitions.auth(host.http()),
                UserDefinitions.properties(host.users().access()),
                proxyProtocol(host.users(), problems, place),
                QuotaDefinitions.properties(host.users().quota(), problems, place),
                LimitDefinitions.properties(host.users().limits(), problems, place),
                LimitDefinitions.time(host.users().holdWhileAway(), problems, place.key("hold-while-away")));
    }

    private static ProxyHeader.@Nullable Version proxyProtocol(UsersDefinition users, Problems problems, Place place) {
        return constant(ProxyHeader.Version.class, problems, place.key("proxy-protocol"), users.proxyProtocol())
                .orElse(null);
    }

    private static <E extends Enum<E>> Optional<E> constant(
            Class<E> type, Problems problems, Place place, Optional<String> text) {
        for (E constant : type.getEnumConstants()) {
            if (text.isPresent() && constant.toString().equals(text.get().toLowerCase(Locale.ROOT))) {
                return Optional.of(constant);
            }
        }
        text.ifPresent(written -> problems.add(
                place,
                written,
                "is not one of the possible values",
                "write " + String.join(" or ", names(type.getEnumConstants()))));
        return Optional.empty();
    }

    private static <E extends Enum<E>> List<String> names(E[] constants) {
        return Arrays.stream(constants).map(Enum::toString).toList();
    }

    private static DataSize size(Problems problems, Place place, Optional<String> text) {
        if (text.isEmpty()) {
            return HttpDefinitions.DEFAULT_REQUEST_HEAD;
        }
        try {
            return DataSize.parse(text.get());
        } catch (IllegalArgumentException e) {
            problems.add(place, text.get(), "is not a size", "write a number with a unit, such as 32KB");
            return HttpDefinitions.DEFAULT_REQUEST_HEAD;
        }
    }
}
