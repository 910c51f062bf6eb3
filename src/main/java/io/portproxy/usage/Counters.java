package io.portproxy.usage;

import java.time.Instant;
import java.util.List;

/** What usage is read from, and who wants to know of it at once. Called by one thread at a time; does not block. */
public interface Counters {
    /** All counters as they are now. */
    List<Tally> tallies();

    /** Whether somebody waits for quotas, so that counters are to be looked at each second. */
    default boolean isWatched() {
        return false;
    }

    /** What has come until now is in the totals. */
    default void looked(UsageTotals totals, Instant now) {}
}
