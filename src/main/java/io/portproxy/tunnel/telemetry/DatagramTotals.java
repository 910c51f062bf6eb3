package io.portproxy.tunnel.telemetry;

import io.portproxy.tunnel.stream.DatagramDrop;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts datagrams that were carried and dropped. Any thread. */
public final class DatagramTotals {
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final LongAdder replacedSessions = new LongAdder();
    private final Map<DatagramDrop, LongAdder> dropped =
            new ConcurrentHashMap<>(); // what has not happened is not there

    /** One was carried; {@code fromUser}: of a user, else for one. */
    void addRead(boolean fromUser) {
        (fromUser ? in : out).increment();
    }

    /** One was dropped. */
    public void addDropped(DatagramDrop why) {
        dropped.computeIfAbsent(why, any -> new LongAdder()).increment();
    }

    /** A session was ended to make room for a new one. */
    public void addReplacedSession() {
        replacedSessions.increment();
    }

    /** What they have come to. */
    public DatagramCounts counts() {
        Map<String, Long> byReason = new TreeMap<>();
        dropped.forEach((why, count) -> byReason.put(why.key(), count.sum()));
        return new DatagramCounts(in.sum(), out.sum(), byReason, replacedSessions.sum());
    }
}
