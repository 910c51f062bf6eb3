package io.portproxy.tunnel.telemetry;

import io.portproxy.mux.PauseCause;
import io.portproxy.protocol.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts the values of {@link TunnelCounts} for the tunnels of one remote. Any thread. Nothing here runs for each
 * chunk.
 */
public final class TunnelTotals {
    private final LongAdder opened = new LongAdder();
    private final Map<Reason, LongAdder> closed = new ConcurrentHashMap<>();
    private final Map<Reason, LongAdder> refused = new ConcurrentHashMap<>();
    private final Map<PauseCause, LongAdder> pauses = new ConcurrentHashMap<>();
    private final Map<PauseCause, LongAdder> pausedNanos = new ConcurrentHashMap<>();
    private volatile @Nullable TunnelEnd lastEnd;

    public void addOpened() {
        opened.increment();
    }

    /**
     * Counts a tunnel that has ended.
     *
     * @param detail what happened, as in the log
     */
    public void addClosed(String address, Reason reason, String detail) {
        add(closed, reason, 1);
        lastEnd = new TunnelEnd(Instant.now(), address, reason.key(), detail);
    }

    public void addRefused(Reason reason) {
        add(refused, reason, 1);
    }

    public void addPause(PauseCause cause) {
        add(pauses, cause, 1);
    }

    public void addPaused(PauseCause cause, long nanos) {
        add(pausedNanos, cause, nanos);
    }

    private static <K> void add(Map<K, LongAdder> counts, K key, long more) {
        counts.computeIfAbsent(key, any -> new LongAdder()).add(more);
    }

    /** Returns the current counts. */
    public TunnelCounts counts() {
        return new TunnelCounts(
                opened.sum(),
                texts(closed),
                texts(refused),
                texts(pauses),
                texts(pausedNanos),
                Optional.ofNullable(lastEnd));
    }

    private static Map<String, Long> texts(Map<? extends Enum<?>, LongAdder> counts) {
        Map<String, Long> texts = new TreeMap<>();
        counts.forEach((key, count) -> texts.put(TunnelCounts.key(key), count.sum()));
        return texts;
    }
}
