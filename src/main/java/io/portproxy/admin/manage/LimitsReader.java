package io.portproxy.admin.manage;

import io.portproxy.manage.LimitsDefinition;
import java.util.Optional;
import java.util.Set;

/** Reads the limits for users from a request's body. */
final class LimitsReader {
    private static final Set<String> LIMITS = Set.of(
            "connections",
            "connectionsPerUser",
            "opensPerSecond",
            "opensPerSecondPerUser",
            "bandwidth",
            "bandwidthPerConnection",
            "idleTimeout",
            "maxDuration");

    private static final Set<String> BANDWIDTH = Set.of("in", "out");

    private LimitsReader() {}

    /** Reads the limits of a remote, port or host. */
    static Optional<LimitsDefinition> read(BodyMembers of) {
        return of.object("limits", LIMITS)
                .map(limits -> new LimitsDefinition(
                        limits.wholeNumber("connections"),
                        limits.wholeNumber("connectionsPerUser"),
                        limits.wholeNumber("opensPerSecond"),
                        limits.wholeNumber("opensPerSecondPerUser"),
                        bandwidth(limits, "bandwidth"),
                        bandwidth(limits, "bandwidthPerConnection"),
                        limits.text("idleTimeout"),
                        limits.text("maxDuration")));
    }

    private static Optional<LimitsDefinition.Bandwidth> bandwidth(BodyMembers limits, String name) {
        return limits.object(name, BANDWIDTH)
                .map(bandwidth -> new LimitsDefinition.Bandwidth(bandwidth.text("in"), bandwidth.text("out")));
    }
}
