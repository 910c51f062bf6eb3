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
 * The limits of one port or host: those of the server, of the remote, and of the port or host all apply. Any thread.
 */
public final class RouteLimits {
    private final LimitLevel[] levels;

    private RouteLimits(LimitLevel... levels) {
        this.levels = levels;
    }

    /**
     * The limits of these levels.
     *
     * @param levels from the widest to the narrowest
     */
    public static RouteLimits of(List<LimitLevel> levels) {
        return new RouteLimits(levels.toArray(LimitLevel[]::new));
    }

    /** What a user who comes in gets, or why it does not come in. */
    public sealed interface Admission permits Ticket, Refused {}

    /**
     * A user does not come in.
     *
     * @param why which limit keeps it out
     */
    public record Refused(LimitRefusal why) implements Admission {}

    /** One direction. */
    @FunctionalInterface
    private interface Side {
        /** What a level has for it; null for any bandwidth. */
        @Nullable
        RateBucket bucket(LimitLevel level);
    }

    /** Whether limits hold at any level. */
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

    /** Whether a user who comes now is refused, as there are too many connections. */
    public boolean isFull() {
        for (LimitLevel level : levels) {
            if (level.isFull()) {
                return true;
            }
        }
        return false;
    }

    /** What a user has who was let in, until its connection ends. */
    public final class Ticket implements Admission, StreamTerms {
        private final LimitLevel.Entry @Nullable [] entries; // null: it was let in where there were no limits
        private boolean ended;
        private @Nullable RateBucket inOfOne; // of datagrams
        private @Nullable RateBucket outOfOne;

        private Ticket(LimitLevel.Entry @Nullable [] entries) {
            this.entries = entries;
        }

        @Override
        public Optional<StreamBounds> bounds() {
            return RouteLimits.this.bounds();
        }

        /** Takes what a datagram of the user needs of each bandwidth. Returns whether it may go on. On the port's loop. */
        public boolean takeIn(int bytes, long now) {
            if (!isLimited()) {
                return true;
            }
            inOfOne = bucket(
                    inOfOne, least(settings -> settings.bandwidthPerConnection().in()), now);
            return take(bytes, now, inOfOne, LimitLevel::in);
        }

        /** The same of a datagram for the user. On the tunnel's loop. */
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

        /** Whoever has the user's connection; one thread at a time. */
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

    /** Takes from the buckets of all levels. Returns whether each had something; otherwise nothing was taken. */
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

    /** How long a user waits for the remote while it is away: as the narrowest level has it that says something; empty: not at all. */
    public Optional<Duration> holdWhileAway() {
        for (int i = levels.length - 1; i >= 0; i--) {
            Optional<Duration> hold = levels[i].settings().holdWhileAway();
            if (hold.isPresent()) {
                return hold;
            }
        }
        return Optional.empty();
    }

    /** How long a session of datagrams may be without one, in nanoseconds; 0 for any time. */
    public long idleNanos() {
        return shortest(LimitSettings::idleTimeout);
    }

    /** How long it may last, in nanoseconds; 0 for any time. */
    public long durationNanos() {
        return shortest(LimitSettings::maxDuration);
    }
}
