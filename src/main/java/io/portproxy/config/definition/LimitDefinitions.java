package io.portproxy.config.definition;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.LimitProperties;
import io.portproxy.config.properties.Sizes;
import io.portproxy.manage.LimitsDefinition;
import io.portproxy.net.Durations;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Converts the limits of users between properties and definitions. */
final class LimitDefinitions {
    private LimitDefinitions() {}

    /** Converts properties to a definition; empty if they set no limit. */
    static Optional<LimitsDefinition> of(@Nullable LimitProperties limits) {
        return Optional.ofNullable(limits)
                .flatMap(there -> new LimitsDefinition(
                                Optional.ofNullable(there.connections()),
                                Optional.ofNullable(there.connectionsPerUser()),
                                Optional.ofNullable(there.opensPerSecond()),
                                Optional.ofNullable(there.opensPerSecondPerUser()),
                                of(there.bandwidth()),
                                of(there.bandwidthPerConnection()),
                                text(there.idleTimeout()),
                                text(there.maxDuration()))
                        .unlessEmpty());
    }

    private static Optional<LimitsDefinition.Bandwidth> of(LimitProperties.@Nullable Bandwidth bandwidth) {
        return Optional.ofNullable(bandwidth)
                .map(there -> new LimitsDefinition.Bandwidth(
                        Optional.ofNullable(there.in()).map(Sizes::text),
                        Optional.ofNullable(there.out()).map(Sizes::text)));
    }

    /** Converts a length of time to text, if there is one. */
    static Optional<String> text(@Nullable Duration time) {
        return Optional.ofNullable(time).map(Durations::text);
    }

    /**
     * Converts a definition to properties.
     *
     * @param place the place of the remote, host or port that has the limits
     */
    static @Nullable LimitProperties properties(Optional<LimitsDefinition> limits, Problems problems, Place place) {
        Place at = place.key("limits");
        return limits.map(there -> new LimitProperties(
                        there.connections().orElse(null),
                        there.connectionsPerUser().orElse(null),
                        there.opensPerSecond().orElse(null),
                        there.opensPerSecondPerUser().orElse(null),
                        bandwidth(there.bandwidth(), problems, at.key("bandwidth")),
                        bandwidth(there.bandwidthPerConnection(), problems, at.key("bandwidth-per-connection")),
                        time(there.idleTimeout(), problems, at.key("idle-timeout")),
                        time(there.maxDuration(), problems, at.key("max-duration"))))
                .orElse(null);
    }

    private static LimitProperties.@Nullable Bandwidth bandwidth(
            Optional<LimitsDefinition.Bandwidth> bandwidth, Problems problems, Place place) {
        return bandwidth
                .map(there -> new LimitProperties.Bandwidth(
                        speed(there.in(), problems, place.key("in")), speed(there.out(), problems, place.key("out"))))
                .orElse(null);
    }

    private static @Nullable DataSize speed(Optional<String> text, Problems problems, Place place) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return DataSize.parse(text.get());
        } catch (IllegalArgumentException e) {
            problems.add(
                    place, text.get(), "is not a size", "write bytes a second as a number with a unit, such as 10MB");
            return null;
        }
    }

    /** Reads a length of time of a definition; null if there is none or it is wrong. */
    static @Nullable Duration time(Optional<String> text, Problems problems, Place place) {
        if (text.isEmpty()) {
            return null;
        }
        int before = problems.all().size();
        Duration time = RemoteDefinitions.duration(problems, place, text.get());
        return problems.all().size() == before ? time : null;
    }
}
