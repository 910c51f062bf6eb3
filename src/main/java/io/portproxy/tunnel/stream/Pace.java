package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.net.RateBucket;
import io.portproxy.net.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits one direction of a stream to its bandwidth, which all buckets of that direction together define. The stream
 * asks how many bytes may pass. If the answer is 0, the stream stops, and is called when its turn has come. At most one
 * share is reserved for it at a time. On the tunnel's loop.
 */
final class Pace {
    /** A share is the number of bytes that the bandwidth gives in this part of a second. */
    private static final long SHARES_A_SECOND = 500;

    private static final long LEAST_SHARE = 2 * 1024;
    private static final long MOST_SHARE = 64 * 1024;
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(1);

    /** The direction of the stream. */
    interface Owner {
        /** Is called when more bytes may pass. */
        void paceReady();

        /** Is called after each second of waiting. The direction waits only for its bandwidth. */
        default void paceWaits() {}

        /** Is called after a bug. */
        void abort();
    }

    private final EventLoop loop;
    private final Owner owner;
    private final List<RateBucket> buckets;
    private final long share;
    private long granted;
    private long due; // when the reserved share is available
    private long lastWait; // how long the last wait took
    private Timers.@Nullable Timer timer; // set while it waits

    private Pace(EventLoop loop, List<RateBucket> buckets, Owner owner) {
        this.loop = loop;
        this.buckets = buckets;
        this.owner = owner;
        long rate = buckets.stream().mapToLong(RateBucket::rate).min().orElse(Long.MAX_VALUE);
        this.share = Math.max(LEAST_SHARE, Math.min(rate / SHARES_A_SECOND, MOST_SHARE));
    }

    /**
     * Creates a pace with the shared buckets, and with a bucket of its own if {@code ofOne} (bytes per second) is
     * positive.
     */
    static Pace of(EventLoop loop, List<RateBucket> shared, long ofOne, Owner owner) {
        List<RateBucket> buckets = new ArrayList<>(shared);
        if (ofOne > 0) {
            buckets.add(bucket(ofOne, loop.turnNanos()));
        }
        return new Pace(loop, buckets, owner);
    }

    /** Creates a bucket with the right burst for a pace, of {@code rate} bytes per second. */
    static RateBucket bucket(long rate, long now) {
        return new RateBucket(rate, BURST_NANOS, now);
    }

    /** Returns how many bytes may pass now. If it returns 0, the owner is called when it may ask again. */
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

    /** Returns whether no bytes may pass before the owner is called. */
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

    /** Counts bytes that have passed, at most {@link #room}. */
    void passed(long bytes) {
        granted -= bytes;
    }

    /** Gives back the rest of the share, because there are no bytes to pass for now. Others may use it. */
    void rest() {
        if (granted > 0) {
            giveBack(granted);
            granted = 0;
        }
    }

    /** Returns roughly how many bytes pass in {@code nanos} nanoseconds. */
    long bytesIn(long nanos) {
        return lastWait <= 0 ? Long.MAX_VALUE : (long) (share * ((double) nanos / lastWait));
    }

    /** Stops the timer and gives the reserved bytes back. The pace is not used after that. */
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
