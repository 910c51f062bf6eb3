package io.portproxy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of the current hour, day and month, by port and by remote, for quotas. Thread-safe; never blocks for long.
 */
public final class UsageTotals {
    private static final int READ_AT_ONCE = 1000;

    /** The bytes of the current hour, day and month. */
    private static final class Sums {
        private final Map<Span, Long> bytes = new EnumMap<>(Span.class);
        private final Map<Span, Long> stored = new EnumMap<>(Span.class);
    }

    private final int most;
    private final Map<UsageKey, Sums> byKey = new HashMap<>(); // the keys of remotes have no port
    private final Map<Span, Instant> begins = new EnumMap<>(Span.class);

    /** @param most the largest number of ports, and also of remotes, that are counted */
    UsageTotals(int most) {
        this.most = most;
    }

    /** Returns the key of a remote's usage. */
    public static UsageKey ofRemote(String remote) {
        return new UsageKey(remote, "");
    }

    /** Adds increases of usage. */
    synchronized void add(List<UsageDelta> deltas, Instant now) {
        turn(now);
        for (UsageDelta delta : deltas) {
            for (Span span : Span.values()) {
                if (span.begin(delta.hour()).equals(begins.get(span))) {
                    add(delta.key(), span, delta.amounts().bytes(), false);
                }
            }
        }
    }

    private void add(UsageKey key, Span span, long bytes, boolean stored) {
        for (UsageKey each : List.of(key, ofRemote(key.remote()))) {
            if (byKey.size() < 2 * most || byKey.containsKey(each)) {
                Sums sums = byKey.computeIfAbsent(each, any -> new Sums());
                sums.bytes.merge(span, bytes, Long::sum);
                sums.stored.merge(span, stored ? bytes : 0, Long::sum);
            }
        }
    }

    /** Resets the sums of each hour, day or month that is over. */
    private void turn(Instant now) {
        boolean turned = false;
        for (Span span : Span.values()) {
            Instant begin = span.begin(now);
            if (!begin.equals(begins.put(span, begin))) {
                turned = true;
                byKey.values().forEach(sums -> {
                    sums.bytes.remove(span);
                    sums.stored.remove(span);
                });
            }
        }
        if (turned) {
            byKey.values().removeIf(sums -> sums.bytes.isEmpty());
        }
    }

    /**
     * Adds what the store contains. Must be called before this process has added anything to the store. Blocks as long as the store does.
     *
     * @throws UsageUnavailableException the store cannot be read now; nothing was added
     */
    void load(UsageStore store, Instant now) {
        Map<Span, List<UsageRow>> rows = new EnumMap<>(Span.class);
        for (Span span : Span.values()) {
            UsageQuery query = new UsageQuery(
                    span, span.begin(now), span.end(now), UsageQuery.Per.PORT, Optional.empty(), Optional.empty());
            rows.put(span, all(store, query));
        }
        synchronized (this) {
            turn(now);
            rows.forEach((span, those) ->
                    those.forEach(row -> add(row.key(), span, row.amounts().bytes(), true)));
        }
    }

    private List<UsageRow> all(UsageStore store, UsageQuery query) {
        List<UsageRow> rows = new ArrayList<>();
        List<UsageRow> next = store.findAfter(query, Optional.empty(), READ_AT_ONCE);
        while (!next.isEmpty() && rows.size() < most) {
            rows.addAll(next);
            next = next.size() < READ_AT_ONCE
                    ? List.of()
                    : store.findAfter(query, Optional.of(next.get(next.size() - 1)), READ_AT_ONCE);
        }
        return rows;
    }

    /** Returns how many bytes have passed in the current hour, day or month. */
    public synchronized long bytes(UsageKey key, Span per, Instant now) {
        turn(now);
        Sums sums = byKey.get(key);
        return sums == null ? 0 : sums.bytes.getOrDefault(per, 0L);
    }

    /** Returns how many bytes of the current hour, day or month the store already contained when this process started. */
    public synchronized long stored(UsageKey key, Span per, Instant now) {
        turn(now);
        Sums sums = byKey.get(key);
        return sums == null ? 0 : sums.stored.getOrDefault(per, 0L);
    }
}
