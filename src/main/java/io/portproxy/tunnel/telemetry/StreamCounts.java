package io.portproxy.tunnel.telemetry;

import io.portproxy.protocol.Reason;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of streams since the process started.
 *
 * @param live streams that are not closed
 * @param opened streams that were opened, including those that are closed
 * @param bytesIn bytes that came from users
 * @param bytesOut bytes that came for users
 * @param closed how many ended for each reason, by its key, as in {@code target_refused}; reasons that have not
 *     occurred are absent
 */
public record StreamCounts(long live, long opened, long bytesIn, long bytesOut, Map<String, Long> closed) {

    /** The keys of all reasons for which a stream may end. */
    public static final List<String> REASONS =
            Arrays.stream(Reason.values()).map(Reason::key).toList();

    public StreamCounts {
        closed = Collections.unmodifiableMap(new TreeMap<>(closed));
    }

    /** Returns the sum. Any thread. */
    public static StreamCounts sum(Collection<StreamTotals> totals) {
        long ended = 0;
        long opened = 0;
        long bytesIn = 0;
        long bytesOut = 0;
        Map<String, Long> closed = new TreeMap<>();
        for (StreamTotals each : totals) {
            for (Reason reason : Reason.values()) { // read before the opened streams, so that live is never negative
                long count = each.closed(reason);
                ended += count;
                if (count > 0) {
                    closed.merge(reason.key(), count, Long::sum);
                }
            }
            opened += each.opened();
            bytesIn += each.bytesIn();
            bytesOut += each.bytesOut();
        }
        return new StreamCounts(opened - ended, opened, bytesIn, bytesOut, closed);
    }

    /** Returns the sum. */
    public static StreamCounts sumOf(Collection<StreamCounts> counts) {
        Map<String, Long> closed = new TreeMap<>();
        counts.forEach(each -> each.closed.forEach((reason, count) -> closed.merge(reason, count, Long::sum)));
        return new StreamCounts(
                counts.stream().mapToLong(StreamCounts::live).sum(),
                counts.stream().mapToLong(StreamCounts::opened).sum(),
                counts.stream().mapToLong(StreamCounts::bytesIn).sum(),
                counts.stream().mapToLong(StreamCounts::bytesOut).sum(),
                closed);
    }
}
