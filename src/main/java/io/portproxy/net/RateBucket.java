package io.portproxy.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket: it gives a number of units per second, and a few more at once after a pause. A caller reserves units
 * and learns when they are available. Reservations follow each other in time, so callers that share a bucket take
 * turns, whatever threads they use: no caller gets a second share before another gets its first. There is no queue and
 * no lock. Any thread.
 */
public final class RateBucket {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long rate;
    private final long burstNanos;
    private final AtomicLong next; // when the units after all reservations are available

    /**
     * Creates a full bucket.
     *
     * @param rate units per second, 1 to 10^12
     * @param burstNanos after a pause, the bucket has the units of this time at once
     * @param now nanoseconds on the clock of the loops
     */
    public RateBucket(long rate, long burstNanos, long now) {
        this.rate = rate;
        this.burstNanos = burstNanos;
        this.next = new AtomicLong(now - burstNanos);
    }

    /** Returns the units per second. */
    public long rate() {
        return rate;
    }

    /**
     * Reserves units after all that are already reserved.
     *
     * @param units at most 1 GiB
     * @return when they are available, on the same clock; a time in the past if they already are
     */
    public long reserve(long units, long now) {
        while (true) {
            long last = next.get();
            long start = last - (now - burstNanos) < 0 ? now - burstNanos : last;
            if (next.compareAndSet(last, start + nanos(units))) {
                return start;
            }
        }
    }

    /** Gives back reserved units that are not needed. */
    public void giveBack(long units) {
        next.addAndGet(-nanos(units));
    }

    /** Takes units if all of them are available. Returns whether it took them. */
    public boolean tryTake(long units, long now) {
        while (true) {
            long last = next.get();
            long start = last - (now - burstNanos) < 0 ? now - burstNanos : last;
            long end = start + nanos(units);
            if (end - now > 0) {
                return false;
            } else if (next.compareAndSet(last, end)) {
                return true;
            }
        }
    }

    /**
     * Takes units if any is available; it may then take more than are available. Takes nothing otherwise. Returns
     * whether it took them.
     */
    public boolean takeIfAny(long units, long now) {
        while (true) {
            long last = next.get();
            long start = last - (now - burstNanos) < 0 ? now - burstNanos : last;
            if (start - now > 0) {
                return false;
            } else if (next.compareAndSet(last, start + nanos(units))) {
                return true;
            }
        }
    }

    /** Returns whether the bucket is full, so that a new one would be the same. */
    public boolean isFull(long now) {
        return next.get() - (now - burstNanos) <= 0;
    }

    private long nanos(long units) {
        return units <= Long.MAX_VALUE / SECOND ? units * SECOND / rate : units / rate * SECOND;
    }
}
