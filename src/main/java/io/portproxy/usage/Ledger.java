package io.portproxy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The increases of the counters between readings. They wait here until the writer takes and stores them. Thread-safe; never blocks for
 * long.
 */
final class Ledger {
    /** The largest number of rows that may wait, one for each port and hour. About 15 MB. */
    static final int MAX_WAITING = 100_000;

    private record Slot(Instant hour, UsageKey key) {}

    private final int maxPorts;
    private final int maxWaiting;
    private final Map<Slot, Amounts> waiting = new LinkedHashMap<>(); // the oldest hour first
    private Map<Long, Amounts> seen = new HashMap<>(); // by counter
    private final Set<UsageKey> ports = new HashSet<>(); // of this month
    private Instant month = Instant.EPOCH;
    private long lost;

    Ledger(int maxPorts) {
        this(maxPorts, MAX_WAITING);
    }

    Ledger(int maxPorts, int maxWaiting) {
        this.maxPorts = maxPorts;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Reads the values of all counters.
     *
     * @param tallies the current values of all counters that exist
     * @return the increases since the last reading; they also name ports that have no row of their own
     */
    synchronized List<UsageDelta> look(List<Tally> tallies, Instant now) {
        Instant hour = Span.HOUR.begin(now);
        Instant thisMonth = Span.MONTH.begin(now);
        if (!thisMonth.equals(month)) {
            month = thisMonth;
            ports.clear();
        }
        Map<Long, Amounts> next = new HashMap<>();
        List<UsageDelta> deltas = new ArrayList<>();
        for (Tally tally : tallies) {
            Amounts before = seen.getOrDefault(tally.counter(), Amounts.NONE);
            Amounts more = tally.total().since(before);
            // If a counter goes back because of a bug, its values must not be counted again when it goes forward.
            next.put(tally.counter(), tally.total().atLeast(before));
            if (!more.isNone()) {
                deltas.add(new UsageDelta(tally.key(), hour, more));
                waiting.merge(new Slot(hour, named(tally.key())), more, Amounts::plus);
            }
        }
        seen = next;
        Iterator<Slot> oldest = waiting.keySet().iterator();
        while (waiting.size() > maxWaiting) {
            oldest.next();
            oldest.remove();
            lost++;
        }
        return deltas;
    }

    private UsageKey named(UsageKey key) {
        if (ports.contains(key)) {
            return key;
        } else if (ports.size() >= maxPorts) {
            return UsageKey.OTHERS;
        }
        ports.add(key);
        return key;
    }

    /**
     * Removes the oldest waiting rows, and returns them.
     *
     * @param most the largest number of rows
     */
    synchronized List<UsageDelta> take(int most) {
        List<UsageDelta> taken = new ArrayList<>();
        Iterator<Map.Entry<Slot, Amounts>> each = waiting.entrySet().iterator();
        while (each.hasNext() && taken.size() < most) {
            Map.Entry<Slot, Amounts> entry = each.next();
            taken.add(new UsageDelta(entry.getKey().key(), entry.getKey().hour(), entry.getValue()));
            each.remove();
        }
        return taken;
    }

    /** Returns the waiting rows. */
    synchronized List<UsageDelta> waiting() {
        return waiting.entrySet().stream()
                .map(entry ->
                        new UsageDelta(entry.getKey().key(), entry.getKey().hour(), entry.getValue()))
                .toList();
    }

    /** Returns the number of waiting rows. */
    synchronized int size() {
        return waiting.size();
    }

    /** Returns how many rows were dropped because too many were waiting. */
    synchronized long lost() {
        return lost;
    }

    /** Returns the number of ports and hosts that have rows of their own in this month. */
    synchronized int ports() {
        return ports.size();
    }
}
