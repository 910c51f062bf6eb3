package io.portproxy.tunnel.telemetry;

import io.portproxy.tunnel.stream.DatagramDrop;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts datagrams that were carried or dropped. Any thread. */
public final class DatagramTotals {
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final LongAdder replacedSessions = new LongAdder();
    private final Map<DatagramDrop, LongAdder> dropped =
            new ConcurrentHashMap<>(); // reasons that have not occurred are absent

    /** Counts a datagram that was carried: from a user if {@code fromUser}, else for a user. */
    void addRead(boolean fromUser) {
        (fromUser ? in : out).increment();
    }

    /** Counts a datagram that was dropped. */
    public void addDropped(DatagramDrop why) {
        dropped.computeIfAbsent(why, any -> new LongAdder()).increment();
    }

    /** Counts a session that was ended to make room for a new one. */
    public void addReplacedSession() {
        replacedSessions.increment();
    }

    /** Returns the current counts. */
    public DatagramCounts counts() {
        Map<String, Long> byReason = new TreeMap<>();
        dropped.forEach((why, count) -> byReason.put(why.key(), count.sum()));
        return new DatagramCounts(in.sum(), out.sum(), byReason, replacedSessions.sum());
    }
}
