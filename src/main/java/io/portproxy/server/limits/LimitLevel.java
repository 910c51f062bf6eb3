package io.portproxy.server.limits;

import io.portproxy.net.Networks;
import io.portproxy.net.RateBucket;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One level of limits (the server, a remote, or a port or host), with its current users. The limits can change while
 * connections are open. Any thread.
 */
public final class LimitLevel {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** After a pause, a bandwidth lets the bytes of this time pass at once. */
    static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The state that the limits need. A change of the limits replaces it. */
    private record State(
            LimitSettings settings,
            boolean limited,
            @Nullable RateBucket opens,
            @Nullable RateBucket in,
            @Nullable RateBucket out,
            @Nullable UserTable users) {
        private static final State NONE = new State(LimitSettings.NONE, false, null, null, null, null);
    }

    /** The default for the most users that a level distinguishes at a time. */
    public static final int MOST_USERS = 100_000;

    private final LongSupplier clock;
    private final int mostUsers;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile State state = State.NONE;

    /**
     * A level without limits.
     *
     * @param clock the clock of the loops
     * @param mostUsers the most users that the level distinguishes at a time
     */
    public LimitLevel(LongSupplier clock, int mostUsers) {
        this.clock = clock;
        this.mostUsers = mostUsers;
    }

    /** Returns another level without limits, with the same clock and the same maximum number of users. */
    public LimitLevel another() {
        return new LimitLevel(clock, mostUsers);
    }

    /**
     * Sets the limits. They also hold for the connections that are open, but no connection ends because there are too
     * many. Returns whether the limits differ from those before.
     */
    public synchronized boolean change(LimitSettings limits) {
        State before = state;
        if (before.settings.equals(limits)) {
            return false;
        }
        if (limits.equals(LimitSettings.NONE)) {
            state = State.NONE;
            return true;
        }
        long now = clock.getAsLong();
        UserTable users = before.users;
        state = new State(
                limits,
                true,
                bucket(before.opens, limits.opensPerSecond(), SECOND, now),
                bucket(before.in, limits.bandwidth().in(), BURST_NANOS, now),
                bucket(before.out, limits.bandwidth().out(), BURST_NANOS, now),
                limits.countsUsers() ? users == null ? new UserTable(mostUsers, now) : users : null);
        return true;
    }

    /** Returns the same bucket, or a new one if the rate differs; null for rate 0. */
    static @Nullable RateBucket bucket(@Nullable RateBucket before, long rate, long burst, long now) {
        if (rate == 0) {
            return null;
        }
        return before != null && before.rate() == rate ? before : new RateBucket(rate, burst, now);
    }

    /** The current limits. */
    public LimitSettings settings() {
        return state.settings;
    }

    /** The number of open connections. */
    public int connections() {
        return connections.get();
    }

    /** The number of users that the level distinguishes now. */
    public int users() {
        UserTable users = state.users;
        return users == null ? 0 : users.size();
    }

    /** Whether the maximum number of connections is reached. */
    boolean isFull() {
        int most = state.settings.connections();
        return most > 0 && connections.get() >= most;
    }

    @Nullable
    RateBucket in() {
        return state.in;
    }

    @Nullable
    RateBucket out() {
        return state.out;
    }

    /** The result for one connection at this level: it is counted, or it is refused. */
    static final class Entry {
        private final LimitLevel level;
        private final @Nullable UserTable users; // the table that counts the connection
        private final @Nullable RateBucket opens; // the bucket that one unit was taken from
        private final String user;
        private final @Nullable LimitRefusal refusal;

        private Entry(
                LimitLevel level,
                @Nullable UserTable users,
                @Nullable RateBucket opens,
                String user,
                @Nullable LimitRefusal refusal) {
            this.level = level;
            this.users = users;
            this.opens = opens;
            this.user = user;
            this.refusal = refusal;
        }

        /** Why the connection is refused; null if it is counted. */
        @Nullable
        LimitRefusal refusal() {
            return refusal;
        }

        /** Counts that the connection has ended. The caller calls it once. */
        void leave() {
            level.connections.decrementAndGet();
            if (users != null) {
                users.leave(user, level.clock.getAsLong());
            }
        }

        /** Undoes the counting, because another level refuses the connection. The caller calls it once. */
        void undo() {
            level.connections.decrementAndGet();
            if (opens != null) {
                opens.giveBack(1);
            }
            if (users != null) {
                users.undo(user);
            }
        }
    }

    /** Whether any limit is set. */
    boolean isLimited() {
        return state.limited;
    }

    /** Counts a connection if the limits allow it; otherwise the entry says why not. */
    Entry enter(InetAddress address) {
        State now = state;
        long time = clock.getAsLong();
        String user = now.users == null ? "" : Networks.of(address);
        if (now.users != null) {
            LimitRefusal refusal = now.users.enter(user, now.settings, time);
            if (refusal != null) {
                return new Entry(this, null, null, "", refusal);
            }
        }
        LimitRefusal refusal = null;
        int most = now.settings.connections();
        if (connections.incrementAndGet() > most && most > 0) {
            refusal = LimitRefusal.CONNECTIONS;
        } else if (now.opens != null && !now.opens.tryTake(1, time)) {
            refusal = LimitRefusal.RATE;
        }
        if (refusal == null) {
            return new Entry(this, now.users, now.opens, user, null);
        }
        connections.decrementAndGet();
        if (now.users != null) {
            now.users.undo(user);
        }
        return new Entry(this, null, null, "", refusal);
    }

    /** Counts a connection while no limit is set. */
    void enterFreely() {
        connections.incrementAndGet();
    }

    /** Counts that a connection has ended that was counted by {@link #enterFreely}. */
    void leaveFreely() {
        connections.decrementAndGet();
    }
}
