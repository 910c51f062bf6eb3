package io.portproxy.server.exposed.user;

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
 * The counts of the HTTP requests of a host or port.
 *
 * @param statuses the number of answers by class of status, such as {@code 2xx}, including answers of the server
 *     itself; only classes that occurred
 * @param firstByteTimes the times from a request's complete head to the head of its answer
 */
public record RequestCounts(Map<String, Long> statuses, Times firstByteTimes) {
    /** No requests. */
    public static final RequestCounts NONE = sum(List.of());

    public RequestCounts {
        statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
    }

    /** Returns the sum of all parts. */
    public static RequestCounts sum(Collection<RequestCounts> parts) {
        Map<String, Long> statuses = new TreeMap<>();
        parts.forEach(part -> part.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum)));
        return new RequestCounts(
                statuses,
                Times.sum(parts.stream().map(RequestCounts::firstByteTimes).toList()));
    }

    /** The number of answers. */
    public long answered() {
        return statuses.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns an estimate of the time to the first byte that a part of the requests did not exceed; empty if there were
     * none. The sizes of the histogram limit its accuracy.
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
        return Optional.of(Duration.ofNanos(lower)); // the highest bound; the true time may be longer
    }
}
