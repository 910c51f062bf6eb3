package io.portproxy.server.exposed.user;

import io.portproxy.net.TimeHistogram;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of the HTTP requests of a route on one loop. Only this loop writes; any thread reads. Counting a request
 * allocates nothing.
 */
public final class RequestTotals {
    private static final int CLASS = 100;
    private static final int CLASSES = 6;

    private final AtomicLongArray statuses = new AtomicLongArray(CLASSES);
    private final TimeHistogram firstByteTimes = new TimeHistogram();

    /** @param status 100 to 599; other numbers, which a target may send, are not counted */
    void answered(int status) {
        int index = status / CLASS;
        if (index > 0 && index < CLASSES) {
            statuses.setOpaque(index, statuses.getPlain(index) + 1);
        }
    }

    void firstByteAfter(long nanos) {
        firstByteTimes.record(nanos);
    }

    /** The counts so far. Any thread. */
    public RequestCounts counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 1; i < CLASSES; i++) {
            long count = statuses.getOpaque(i);
            if (count > 0) {
                counts.put(i + "xx", count);
            }
        }
        return new RequestCounts(counts, firstByteTimes.times());
    }
}
