package io.portproxy.manage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** When what is kept back is to be tried again: after each try the pause to the next one is longer. By the thread that tries. */
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

    /** What is kept back may fit now: the next try is not to wait. Any thread. */
    void endNow() {
        atOnce = true;
    }

    /** Nothing is kept back: pauses are short again. */
    void reset() {
        pause = FIRST;
    }

    /** Begins a try if the pause is over, and the pause behind it. Returns whether it does. */
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
