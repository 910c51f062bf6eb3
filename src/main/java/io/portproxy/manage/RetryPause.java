package io.portproxy.manage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides when to retry entries that are kept back. The pause between two tries grows with each try. Used only by the thread that tries,
 * unless a method says otherwise.
 */
final class RetryPause {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Clock clock;
    private volatile boolean atOnce;
    private Instant next = Instant.MIN;
    private Duration pause = FIRST;

    RetryPause(Clock clock) {
        this.clock = clock;
    }

    /** Ends the current pause, because entries that are kept back may fit now. Any thread. */
    void endNow() {
        atOnce = true;
    }

    /** Makes the next pause short again, because nothing is kept back. */
    void reset() {
        pause = FIRST;
    }

    /** Starts a try if the pause is over, and then the next pause. Returns whether a try was started. */
    boolean tryBegin() {
        if (!atOnce && clock.instant().isBefore(next)) {
            return false;
        }
        atOnce = false;
        next = clock.instant().plus(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
        return true;
    }
}
