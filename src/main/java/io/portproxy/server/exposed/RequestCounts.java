package io.portproxy.server.exposed;

import io.portproxy.net.TimeHistogram;
import io.portproxy.net.TimeHistogram.Times;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the HTTP requests of a host or port have come to.
 *
 * @param statuses how many were answered, by us too, by the class of the status: {@code 2xx}; only what has happened
 * @param firstByteTimes from a request's complete head to that of its answer
 */
public record RequestCounts(Map<String, Long> statuses, Times firstByteTimes) {
    /** Where there are none. */
    public static final RequestCounts NONE = sum(List.of());

    public RequestCounts {
        statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
    }

    /** All of them together. */
    static RequestCounts sum(Collection<RequestCounts> parts) {
        Map<String, Long> statuses = new TreeMap<>();
        parts.forEach(part -> part.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum)));
        return new RequestCounts(
                statuses,
                Times.sum(parts.stream().map(RequestCounts::firstByteTimes).toList()));
    }

    /** How many were answered. */
    public long answered() {
        return statuses.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The time to the first byte that a part of the requests did not exceed, as near as the sizes tell; empty if there were none.
     *
     * @param part 0 to 1
     */
    public Optional<Duration> firstByteQuantile(double part) {
        long all = firstByteTimes.count();
        if (all == 0) {
            return Optional.empty();
        }
        double wanted = part * all;
        long before = 0;
        long lower = 0;
        for (int i = 0; i < TimeHistogram.BOUNDS.size(); i++) {
            long here = firstByteTimes.counts().get(i);
            long upper = TimeHistogram.BOUNDS.get(i);
            if (here > 0 && before + here >= wanted) {
                return Optional.of(Duration.ofNanos(lower + Math.round((upper - lower) * (wanted - before) / here)));
            }
            before += here;
            lower = upper;
        }
        return Optional.of(Duration.ofNanos(lower)); // or more
    }
}
