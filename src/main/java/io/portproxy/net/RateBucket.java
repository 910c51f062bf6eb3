package io.portproxy.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket: a number of units per second, and a few more at once after a pause. A caller reserves units and
 * learns when they are available. Reservations follow each other in time, so callers that share a bucket take turns,
 * whichever threads they are on: nobody gets a second share before another's first. There is no queue and no lock. Any
 * thread.
 */
public final class RateBucket {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long rate;
    private final long burstNanos;
    private final AtomicLong next; // when the units behind all reservations are there

    /**
     * One that is full.
     *
     * @param rate units a second, 1 to 10^12
     * @param burstNanos after a pause, there are as many units at once as come in this time
     * @param now nanoseconds on the clock of the loops
     */
    public RateBucket(long rate, long burstNanos, long now) {
        this.rate = rate;
        this.burstNanos = burstNanos;
        this.next = new AtomicLong(now - burstNanos);
    }

    /** Units a second. */
    public long rate() {
        return rate;
    }

    /**
     * Reserves units behind all that are reserved.
     *
     * @param units at most 1 GiB
     * @return when they are there, on the same clock; that is past if they are there already
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

    /** Gives units back that were reserved and are not needed. */
    public void giveBack(long units) {
        next.addAndGet(-nanos(units));
    }

    /** Takes units if all of them are there. Returns whether they were. */
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

    /** Takes units, more than there are if it must be: whether any was there. Otherwise nothing is taken. */
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

    /** Whether it is as full as it can be, so that a new one would be the same. */
    public boolean isFull(long now) {
        return next.get() - (now - burstNanos) <= 0;
    }

    private long nanos(long units) {
        return units <= Long.MAX_VALUE / SECOND ? units * SECOND / rate : units / rate * SECOND;
    }
}
