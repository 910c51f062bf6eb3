package io.portproxy.usage;

import java.time.Instant;
import java.util.List;

/** The counters from which usage is read, and a callback after each reading. One thread calls it at a time. Does not block. */
public interface Counters {
    /** Returns the current values of all counters. */
    List<Tally> tallies();

    /** Returns whether quotas exist, so that counters must be read every second. */
    default boolean isWatched() {
        return false;
    }

    /** Is called when the totals contain everything that was counted until now. */
    default void looked(UsageTotals totals, Instant now) {}
}
