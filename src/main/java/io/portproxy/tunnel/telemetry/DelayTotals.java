package io.portproxy.tunnel.telemetry;

import io.portproxy.net.TimeHistogram;
import io.portproxy.protocol.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the values of {@link StreamDelays} on one event loop. Only that loop writes. Any thread may read, but it may
 * see slightly old values.
 */
final class DelayTotals {
    private final TimeHistogram openTimes = new TimeHistogram();
    private final TimeHistogram firstByteTimes = new TimeHistogram();
    private final Map<Reason, AtomicLong> failedOpens = new EnumMap<>(Reason.class);
    private final AtomicLong windowStalls = new AtomicLong();
    private final AtomicLong windowStallsOver = new AtomicLong();
    private final AtomicLong windowStalledNanos = new AtomicLong();
    private final AtomicLong requestsRefused = new AtomicLong();

    DelayTotals() {
        for (Reason reason : Reason.values()) {
            failedOpens.put(reason, new AtomicLong());
        }
    }

    void opened(long afterNanos) {
        openTimes.record(afterNanos);
    }

    void notOpened(Reason reason) {
        add(Objects.requireNonNull(failedOpens.get(reason)), 1);
    }

    void firstByte(long afterNanos) {
        firstByteTimes.record(afterNanos);
    }

    void windowStalled() {
        add(windowStalls, 1);
    }

    void windowStallOver(long afterNanos) {
        add(windowStalledNanos, afterNanos);
        add(windowStallsOver, 1);
    }

    void requestRefused() {
        add(requestsRefused, 1);
    }

    private static void add(AtomicLong count, long more) {
        count.setOpaque(count.getPlain() + more);
    }

    /** Returns the current counts. Any thread. */
    StreamDelays view() {
        Map<String, Long> opens = new TreeMap<>();
        failedOpens.forEach((reason, count) -> {
            if (count.getOpaque() > 0) {
                opens.put(reason.key(), count.getOpaque());
            }
        });
        TimeHistogram.Times opened = openTimes.times();
        if (opened.count() > 0) {
            opens.put(StreamDelays.SUCCESS, opened.count());
        }
        // Read before the number of begun stalls, so that the difference is not negative.
        long over = windowStallsOver.getOpaque();
        long stalls = windowStalls.getOpaque();
        return new StreamDelays(
                opens,
                opened,
                firstByteTimes.times(),
                stalls,
                Math.max(0, stalls - over),
                windowStalledNanos.getOpaque(),
                requestsRefused.getOpaque());
    }
}
