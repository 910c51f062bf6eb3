package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.PortProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.net.ProxyHeader;
import io.portproxy.server.exposed.UdpSettings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the properties that only a port of type udp may have. */
final class UdpCheck {
    private static final int MOST_SESSIONS = 65_536;
    private static final int MOST_REPLY = 1_000;

    private final Problems problems;
    private final Place place;

    UdpCheck(Problems problems, Place place) {
        this.problems = problems;
        this.place = place;
    }

    /** Returns the settings; empty if the port has another type, or if there are problems at its place. */
    Optional<UdpSettings> run(PortProperties port) {
        PortType type = port.type();
        PortProperties.Udp udp = port.udp();
        if (type != PortType.UDP) {
            hasNoEffect("idle-timeout", type, udp.idleTimeout());
            hasNoEffect("max-sessions", type, udp.maxSessions());
            hasNoEffect("max-sessions-per-user", type, udp.maxSessionsPerUser());
            hasNoEffect("reply-limit", type, udp.replyLimit());
            return Optional.empty();
        }
        if (port.proxyProtocol() == ProxyHeader.Version.V1) {
            problems.add(place.key("proxy-protocol"), port.proxyProtocol(), "is for connections alone", "write v2");
        }
        if (port.acceptProxyProtocol() != null) {
            problems.add(
                    place.key("accept-proxy-protocol"),
                    String.join(", ", port.acceptProxyProtocol()),
                    "has no effect on type udp",
                    "remove it");
        }
        UdpSettings usual = UdpSettings.DEFAULT;
        Duration idleTimeout = udp.idleTimeout() == null ? usual.idleTimeout() : udp.idleTimeout();
        int maxSessions = udp.maxSessions() == null ? usual.maxSessions() : udp.maxSessions();
        int perUser = udp.maxSessionsPerUser() == null ? usual.maxSessionsPerUser() : udp.maxSessionsPerUser();
        RangeCheck ranges = new RangeCheck(problems, place);
        ranges.duration("idle-timeout", idleTimeout);
        ranges.number("max-sessions", maxSessions, 1, MOST_SESSIONS);
        ranges.number("max-sessions-per-user", perUser, 1, MOST_SESSIONS);
        if (udp.replyLimit() != null) {
            ranges.number("reply-limit", udp.replyLimit(), 1, MOST_REPLY);
        }
        return problems.areAt(place)
                ? Optional.empty()
                : Optional.of(new UdpSettings(
                        idleTimeout, maxSessions, perUser, udp.replyLimit() == null ? 0 : udp.replyLimit()));
    }

    private void hasNoEffect(String key, PortType type, @Nullable Object value) {
        if (value != null) {
            problems.add(place.key(key), value, "has no effect on type " + type, "remove it, or set type to udp");
        }
    }
}
