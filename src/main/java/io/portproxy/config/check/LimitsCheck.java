package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.LimitProperties;
import io.portproxy.config.properties.PortProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.config.properties.Sizes;
import io.portproxy.net.Durations;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.server.limits.LimitSettings.Bandwidth;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Checks the limits of users, at the levels of the server, remotes, hosts and ports. */
final class LimitsCheck {
    private static final int MOST = 1_000_000;
    private static final DataSize SLOWEST = DataSize.ofKilobytes(1);
    private static final DataSize FASTEST = DataSize.ofTerabytes(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(5);

    private final Problems problems;

    LimitsCheck(Problems problems) {
        this.problems = problems;
    }

    /**
     * Returns the limits of a port. If some of them have problems, returns only the others.
     *
     * @param place the place of the port in the configuration
     */
    LimitSettings ofPort(Place place, PortProperties port) {
        if (port.type() == PortType.UDP) {
            LimitProperties limits = port.limits();
            if (limits != null) {
                Place at = place.key("limits");
                notForUdp(at.key("connections"), limits.connections(), "max-sessions");
                notForUdp(at.key("connections-per-user"), limits.connectionsPerUser(), "max-sessions-per-user");
                notForUdp(at.key("idle-timeout"), limits.idleTimeout(), "idle-timeout");
            }
            if (port.holdWhileAway() != null) {
                problems.add(
                        place.key("hold-while-away"),
                        Durations.text(port.holdWhileAway()),
                        "has no effect on type udp",
                        "remove it");
            }
        }
        return run(place, port.limits(), port.holdWhileAway());
    }

    /** Adds a problem for a limit that UDP has as a limit of sessions instead. */
    private void notForUdp(Place place, @Nullable Object value, String other) {
        if (value != null) {
            problems.add(
                    place,
                    value instanceof Duration time ? Durations.text(time) : value,
                    "is not for type udp, which has " + other + " for that",
                    "remove it, and write " + other + " at the port");
        }
    }

    /**
     * Returns the limits. If some of them have problems, returns only the others.
     *
     * @param place the place of what has the limits
     */
    LimitSettings run(Place place, @Nullable LimitProperties written, @Nullable Duration holdWhileAway) {
        Optional<Duration> hold = time(place.key("hold-while-away"), holdWhileAway, LONGEST_HOLD);
        if (written == null) {
            return LimitSettings.NONE.withHold(hold);
        }
        Place at = place.key("limits");
        return new LimitSettings(
                number(at.key("connections"), written.connections()),
                number(at.key("connections-per-user"), written.connectionsPerUser()),
                number(at.key("opens-per-second"), written.opensPerSecond()),
                number(at.key("opens-per-second-per-user"), written.opensPerSecondPerUser()),
                bandwidth(at.key("bandwidth"), written.bandwidth()),
                bandwidth(at.key("bandwidth-per-connection"), written.bandwidthPerConnection()),
                time(at.key("idle-timeout"), written.idleTimeout(), LONGEST),
                time(at.key("max-duration"), written.maxDuration(), LONGEST),
                hold);
    }

    private int number(Place place, @Nullable Integer value) {
        if (value == null) {
            return 0;
        } else if (value < 1 || value > MOST) {
            problems.add(place, value, "is out of range", "write 1 to " + MOST + ", or remove it for any number");
            return 0;
        }
        return value;
    }

    private Bandwidth bandwidth(Place place, LimitProperties.@Nullable Bandwidth written) {
        return written == null
                ? Bandwidth.ANY
                : new Bandwidth(speed(place.key("in"), written.in()), speed(place.key("out"), written.out()));
    }

    private long speed(Place place, @Nullable DataSize value) {
        if (value == null) {
            return 0;
        } else if (value.compareTo(SLOWEST) < 0 || value.compareTo(FASTEST) > 0) {
            problems.add(
                    place,
                    Sizes.text(value),
                    "is out of range",
                    "write " + Sizes.text(SLOWEST) + " to " + Sizes.text(FASTEST)
                            + ", which are bytes a second, or remove it for any number");
            return 0;
        }
        return value.toBytes();
    }

    private Optional<Duration> time(Place place, @Nullable Duration value, Duration longest) {
        if (value == null) {
            return Optional.empty();
        } else if (value.compareTo(RangeCheck.SHORTEST) < 0 || value.compareTo(longest) > 0) {
            problems.add(
                    place,
                    Durations.text(value),
                    "is out of range",
                    "write " + Durations.text(RangeCheck.SHORTEST) + " to " + Durations.text(longest)
                            + ", or remove it");
            return Optional.empty();
        }
        return Optional.of(value);
    }
}
