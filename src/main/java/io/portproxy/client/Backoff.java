package io.portproxy.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts. The upper limit of the pause doubles with each attempt, up to a maximum. Each pause is a random value
 * between half of this limit and the limit, so that remotes that lost their server at the same time do not come back at the same time. Not
 * thread-safe.
 */
final class Backoff {
    private final Duration initial;
    private final Duration max;
    private final RandomGenerator random;
    private long ceilingNanos;

    /** Makes a backoff with its own random generator. */
    static Backoff of(DialTimes times) {
        return new Backoff(times.backoffInitial(), times.backoffMax(), RandomGenerator.of("SplittableRandom"));
    }

    Backoff(Duration initial, Duration max, RandomGenerator random) {
        this.initial = initial;
        this.max = max;
        this.random = random;
        reset();
    }

    /** Returns the next pause in nanoseconds; positive. */
    long nextNanos() {
        long ceiling = ceilingNanos;
        ceilingNanos = Math.min(ceiling * 2, max.toNanos());
        return ceiling / 2 + random.nextLong(Math.max(1, ceiling - ceiling / 2));
    }

    /** Makes the next pause as short as the first one. */
    void reset() {
        ceilingNanos = Math.min(initial.toNanos(), max.toNanos());
    }
}
