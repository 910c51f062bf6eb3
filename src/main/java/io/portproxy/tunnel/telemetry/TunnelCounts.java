package io.portproxy.tunnel.telemetry;

import io.portproxy.mux.PauseCause;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Counts of a remote's tunnels since the process started. Maps contain only what has occurred.
 *
 * @param opened how many tunnels came up
 * @param closed how many ended for each reason, by its key
 * @param refused streams that the peer asked for and did not get, by the reason's key; at the client
 * @param pauses how often a tunnel was no longer read, by the key of the limit: see {@link #LIMITS}
 * @param pausedNanos how long tunnels were not read, in nanoseconds; a pause that has not ended does not count
 * @param lastEnd how the last tunnel ended; empty before the first end
 */
public record TunnelCounts(
        long opened,
        Map<String, Long> closed,
        Map<String, Long> refused,
        Map<String, Long> pauses,
        Map<String, Long> pausedNanos,
        Optional<TunnelEnd> lastEnd) {

    /** The keys of the limits at which a tunnel is not read, as in {@code tunnel_buffer}. */
    public static final List<String> LIMITS =
            Arrays.stream(PauseCause.values()).map(TunnelCounts::key).toList();

    /** Returns a value's name in the API and in metrics. */
    static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    public TunnelCounts {
        closed = Collections.unmodifiableMap(new TreeMap<>(closed));
        refused = Collections.unmodifiableMap(new TreeMap<>(refused));
        pauses = Collections.unmodifiableMap(new TreeMap<>(pauses));
        pausedNanos = Collections.unmodifiableMap(new TreeMap<>(pausedNanos));
    }

    /** Returns the sum. */
    public static TunnelCounts sum(Collection<TunnelCounts> parts) {
        return new TunnelCounts(
                parts.stream().mapToLong(TunnelCounts::opened).sum(),
                merged(parts, TunnelCounts::closed),
                merged(parts, TunnelCounts::refused),
                merged(parts, TunnelCounts::pauses),
                merged(parts, TunnelCounts::pausedNanos),
                parts.stream().flatMap(part -> part.lastEnd().stream()).max(Comparator.comparing(TunnelEnd::at)));
    }

    private static Map<String, Long> merged(
            Collection<TunnelCounts> parts, Function<TunnelCounts, Map<String, Long>> counts) {
        Map<String, Long> all = new TreeMap<>();
        parts.forEach(part -> counts.apply(part).forEach((key, count) -> all.merge(key, count, Long::sum)));
        return all;
    }
}
