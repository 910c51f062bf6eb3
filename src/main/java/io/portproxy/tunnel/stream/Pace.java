package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.net.RateBucket;
import io.portproxy.net.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits one direction of a stream to its bandwidth, which is given by all buckets that it shares. The stream asks how
 * much may pass. If the answer is nothing, it stops, and is called when its turn has come. At most one share is
 * reserved for it at a time. On the tunnel's loop.
 */
final class Pace {
    /** A share is what comes in this part of a second. */
    private static final long SHARES_A_SECOND = 500;

    private static final long LEAST_SHARE = 2 * 1024;
    private static final long MOST_SHARE = 64 * 1024;
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(1);

    /** The direction. */
    interface Owner {
        /** More may pass. */
        void paceReady();

        /** It has waited for another second, and nothing else is wrong. */
        default void paceWaits() {}

        /** A bug was met. */
        void abort();
    }

    private final EventLoop loop;
    private final Owner owner;
    private final List<RateBucket> buckets;
    private final long share;
    private long granted;
    private long due; // when the reserved share is there
    private long lastWait; // how long the last one took
    private Timers.@Nullable Timer timer; // while it waits

    private Pace(EventLoop loop, List<RateBucket> buckets, Owner owner) {
        this.loop = loop;
        this.buckets = buckets;
        this.owner = owner;
        long rate = buckets.stream().mapToLong(RateBucket::rate).min().orElse(Long.MAX_VALUE);
        this.share = Math.max(LEAST_SHARE, Math.min(rate / SHARES_A_SECOND, MOST_SHARE));
    }

    /** One of the buckets that are shared, and of a bucket of its own. */
    static Pace of(EventLoop loop, List<RateBucket> shared, long ofOne, Owner owner) {
        List<RateBucket> buckets = new ArrayList<>(shared);
        if (ofOne > 0) {
            buckets.add(bucket(ofOne, loop.turnNanos()));
        }
        return new Pace(loop, buckets, owner);
    }

    /** A bucket that suits it: of so many bytes a second. */
    static RateBucket bucket(long rate, long now) {
        return new RateBucket(rate, BURST_NANOS, now);
    }

    /** How many bytes may pass now. If none, the owner is told when to ask again. */
    long room() {
        if (granted > 0 || timer != null) {
            return granted;
        }
        long now = loop.turnNanos();
        due = now;
        for (RateBucket bucket : buckets) {
            long there = bucket.reserve(share, now);
            if (there - due > 0) {
                due = there;
            }
        }
        lastWait = due - now;
        if (lastWait <= 0) {
            granted = share;
        } else {
            sleep(lastWait);
        }
        return granted;
    }

    /** Whether nothing may pass before the owner is told. */
    boolean isWaiting() {
        return timer != null;
    }

    private void sleep(long nanos) {
        timer = loop.timers().after(Math.min(nanos, LONGEST_SLEEP), this::awake, owner::abort);
    }

    private void awake() {
        timer = null;
        long left = due - loop.nanoTime();
        if (left > 0) {
            sleep(left);
            owner.paceWaits();
        } else {
            granted = share;
            owner.paceReady();
        }
    }

    /** So many bytes have passed, at most {@link #room}. */
    void passed(long bytes) {
        granted -= bytes;
    }

    /** There is nothing to pass for now: others may have the rest of the share. */
    void rest() {
        if (granted > 0) {
            giveBack(granted);
            granted = 0;
        }
    }

    /** About how many bytes pass in so many nanoseconds. */
    long bytesIn(long nanos) {
        return lastWait <= 0 ? Long.MAX_VALUE : (long) (share * ((double) nanos / lastWait));
    }

    /** It is used no more. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
            giveBack(share);
        }
        rest();
    }

    private void giveBack(long bytes) {
        for (RateBucket bucket : buckets) {
            bucket.giveBack(bytes);
        }
    }
}
