package io.portproxy.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts: each up to twice the one before, to a maximum, and drawn from the upper half of that range, so
 * that remotes that lost their server together do not come back together. Not thread-safe.
 */
final class Backoff {
    private final Duration initial;
    private final Duration max;
    private final RandomGenerator random;
    private long ceilingNanos;

    /** Draws on its own. */
    static Backoff of(DialTimes times) {
        return new Backoff(times.backoffInitial(), times.backoffMax(), RandomGenerator.of("SplittableRandom"));
    }

    Backoff(Duration initial, Duration max, RandomGenerator random) {
        this.initial = initial;
        this.max = max;
        this.random = random;
        reset();
    }

    /** The next wait in nanoseconds; positive. */
    long nextNanos() {
        long ceiling = ceilingNanos;
        ceilingNanos = Math.min(ceiling * 2, max.toNanos());
        return ceiling / 2 + random.nextLong(Math.max(1, ceiling - ceiling / 2));
    }

    /** The next wait is the first again. */
    void reset() {
        ceilingNanos = Math.min(initial.toNanos(), max.toNanos());
    }
}
