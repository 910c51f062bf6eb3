package io.portproxy.server.limits;

import io.portproxy.net.RateBucket;
import io.portproxy.tunnel.stream.StreamBounds;
import io.portproxy.tunnel.stream.StreamTerms;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one port or host: the limits of the server, of the remote, and of the port or host itself all apply.
 * Any thread.
 */
public final class RouteLimits {
    private final LimitLevel[] levels;

    private RouteLimits(LimitLevel... levels) {
        this.levels = levels;
    }

    /**
     * Combines levels.
     *
     * @param levels from the widest to the narrowest
     */
    public static RouteLimits of(List<LimitLevel> levels) {
        return new RouteLimits(levels.toArray(LimitLevel[]::new));
    }

    /** The result for a user who connects: a ticket, or a refusal. */
    public sealed interface Admission permits Ticket, Refused {}

    /**
     * A refusal.
     *
     * @param why the limit that keeps the user out
     */
    public record Refused(LimitRefusal why) implements Admission {}

    /** One direction: in or out. */
    @FunctionalInterface
    private interface Side {
        /** Returns the bucket of a level for this direction; null for any bandwidth. */
        @Nullable
        RateBucket bucket(LimitLevel level);
    }

    /** Whether any level has a limit. */
    private boolean isLimited() {
        for (LimitLevel level : levels) {
            if (level.isLimited()) {
                return true;
            }
        }
        return false;
    }

    /** Lets a user in, unless a limit keeps it out. */
    public Admission enter(InetAddress user) {
        if (!isLimited()) {
            for (LimitLevel level : levels) {
                level.enterFreely();
            }
            return new Ticket(null);
        }
        LimitLevel.Entry[] entries = new LimitLevel.Entry[levels.length];
        for (int i = 0; i < levels.length; i++) {
            entries[i] = levels[i].enter(user);
            LimitRefusal refusal = entries[i].refusal();
            if (refusal != null) {
                for (int j = 0; j < i; j++) {
                    entries[j].undo();
                }
                return new Refused(refusal);
            }
        }
        return new Ticket(entries);
    }

    /** Whether a user who connects now is refused because there are too many connections. */
    public boolean isFull() {
        for (LimitLevel level : levels) {
            if (level.isFull()) {
                return true;
            }
        }
        return false;
    }

    /** The ticket of an admitted user. It is valid until the user's connection ends. */
    public final class Ticket implements Admission, StreamTerms {
        private final LimitLevel.Entry @Nullable [] entries; // null: the user was let in while there were no limits
        private boolean ended;
        private @Nullable RateBucket inOfOne; // for datagrams
        private @Nullable RateBucket outOfOne;

        private Ticket(LimitLevel.Entry @Nullable [] entries) {
            this.entries = entries;
        }

        @Override
        public Optional<StreamBounds> bounds() {
            return RouteLimits.this.bounds();
        }

        /**
         * Takes what a datagram from the user needs of each bandwidth. Returns whether the datagram may pass. On the
         * port's loop.
         */
        public boolean takeIn(int bytes, long now) {
            if (!isLimited()) {
                return true;
            }
            inOfOne = bucket(
                    inOfOne, least(settings -> settings.bandwidthPerConnection().in()), now);
            return take(bytes, now, inOfOne, LimitLevel::in);
        }

        /**
         * Takes what a datagram to the user needs of each bandwidth. Returns whether the datagram may pass. On the
         * tunnel's loop.
         */
        public boolean takeOut(int bytes, long now) {
            if (!isLimited()) {
                return true;
            }
            outOfOne = bucket(
                    outOfOne,
                    least(settings -> settings.bandwidthPerConnection().out()),
                    now);
            return take(bytes, now, outOfOne, LimitLevel::out);
        }

        private boolean take(int bytes, long now, @Nullable RateBucket own, Side of) {
            if (!RouteLimits.this.take(bytes, now, of)) {
                return false;
            } else if (own != null && !own.takeIfAny(bytes, now)) {
                giveBack(levels.length, bytes, of);
                return false;
            }
            return true;
        }

        /**
         * Ends the ticket. Only the owner of the user's connection calls this, on one thread at a time. Further calls
         * have no effect.
         */
        @Override
        public void ended() {
            if (ended) {
                return;
            }
            ended = true;
            for (int i = 0; i < levels.length; i++) {
                if (entries == null) {
                    levels[i].leaveFreely();
                } else {
                    entries[i].leave();
                }
            }
        }
    }

    /** Takes from the buckets of all levels. Returns whether each bucket had something; otherwise nothing is taken. */
    private boolean take(int bytes, long now, Side of) {
        for (int i = 0; i < levels.length; i++) {
            RateBucket bucket = of.bucket(levels[i]);
            if (bucket != null && !bucket.takeIfAny(bytes, now)) {
                giveBack(i, bytes, of);
                return false;
            }
        }
        return true;
    }

    private void giveBack(int count, int bytes, Side of) {
        for (int i = 0; i < count; i++) {
            RateBucket taken = of.bucket(levels[i]);
            if (taken != null) {
                taken.giveBack(bytes);
            }
        }
    }

    private Optional<StreamBounds> bounds() {
        if (!isLimited()) {
            return Optional.empty();
        }
        List<RateBucket> in = new ArrayList<>(levels.length);
        List<RateBucket> out = new ArrayList<>(levels.length);
        for (LimitLevel level : levels) {
            add(in, level.in());
            add(out, level.out());
        }
        return Optional.of(new StreamBounds(
                in,
                least(settings -> settings.bandwidthPerConnection().in()),
                out,
                least(settings -> settings.bandwidthPerConnection().out()),
                shortest(LimitSettings::idleTimeout),
                shortest(LimitSettings::maxDuration)));
    }

    private static @Nullable RateBucket bucket(@Nullable RateBucket before, long rate, long now) {
        return LimitLevel.bucket(before, rate, LimitLevel.BURST_NANOS, now);
    }

    private static void add(List<RateBucket> buckets, @Nullable RateBucket bucket) {
        if (bucket != null) {
            buckets.add(bucket);
        }
    }

    private long least(ToLongFunction<LimitSettings> limit) {
        long least = 0;
        for (LimitLevel level : levels) {
            long its = limit.applyAsLong(level.settings());
            if (its > 0 && (least == 0 || its < least)) {
                least = its;
            }
        }
        return least;
    }

    private long shortest(Function<LimitSettings, Optional<Duration>> time) {
        return least(settings -> time.apply(settings).map(Duration::toNanos).orElse(0L));
    }

    /**
     * How long a user waits for a remote that is away. The narrowest level that has a value decides; empty if users do
     * not wait.
     */
    public Optional<Duration> holdWhileAway() {
        for (int i = levels.length - 1; i >= 0; i--) {
            Optional<Duration> hold = levels[i].settings().holdWhileAway();
            if (hold.isPresent()) {
                return hold;
            }
        }
        return Optional.empty();
    }

    /** How long a session of datagrams may be idle, in nanoseconds; 0 for any time. */
    public long idleNanos() {
        return shortest(LimitSettings::idleTimeout);
    }

    /** How long a session may last, in nanoseconds; 0 for any time. */
    public long durationNanos() {
        return shortest(LimitSettings::maxDuration);
    }
}
