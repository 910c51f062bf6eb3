package io.portproxy.net;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the gaps of an event loop: times in which it did not run, because the process was suspended, or because the JVM
 * or the host had no time for it. What peers sent in a gap still waits in their sockets. So after a gap, the loop looks
 * at the sockets again before it runs timers, and the gap does not count for the timers that end silent peers. Loop's
 * thread only.
 */
final class GapWatch {
    private static final Logger log = LoggerFactory.getLogger(GapWatch.class);

    /** If the loop is late by this time, it did not run. */
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A gap of this length is logged. */
    private static final long LONG_GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String loop;
    private final Timers timers;
    private boolean looksAgain;

    /**
     * @param loop the name of the loop, for the log
     * @param timers get to know the gaps
     */
    GapWatch(String loop, Timers timers) {
        this.loop = loop;
        this.timers = timers;
    }

    /** Returns whether the next turn looks at the sockets without a wait, because the timers have not run after a gap. */
    boolean looksAgain() {
        return looksAgain;
    }

    /**
     * Returns how long the loop may not have run before a turn, in nanoseconds.
     *
     * @param waited whether the loop has waited for its sockets
     * @param waitMillis how long it wanted to wait at most; 0 for a wait without an end
     * @param nanos the time since the last turn
     */
    static long missed(boolean waited, long waitMillis, long nanos) {
        if (waited && waitMillis == 0) {
            return 0; // without a timer, no peer can time out
        }
        long waitNanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
        long late = nanos - waitNanos;
        return late + Math.min(late, waitNanos); // the loop may have stood still from the beginning of the wait
    }

    /**
     * Returns whether timers may run in this turn. After a gap they wait for the next turn.
     *
     * @param missed how long the loop did not run before the turn, in nanoseconds
     * @param busy how long the turn has not looked at the sockets, in nanoseconds
     */
    boolean letsTimersRun(long missed, long busy) {
        boolean gap = isGap(missed) || isGap(busy);
        looksAgain = gap && !looksAgain;
        return !looksAgain;
    }

    /** Returns whether this time is a gap. Counts it if so. */
    private boolean isGap(long nanos) {
        if (nanos < GAP_NANOS) {
            return false;
        }
        timers.missed(nanos);
        if (nanos >= LONG_GAP_NANOS) {
            log.warn(
                    "{} did not run for {} ms (a suspended or busy host, or a long pause of the JVM); peers do not time out because of it",
                    loop,
                    TimeUnit.NANOSECONDS.toMillis(nanos));
        }
        return true;
    }
}
