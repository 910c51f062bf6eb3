package io.portproxy.server.limits;

import io.portproxy.net.Networks;
import io.portproxy.net.RateBucket;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One level of limits (the server, a remote, or a port or host), with its current users. The limits may change while
 * there are connections. Any thread.
 */
public final class LimitLevel {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** After a pause, a bandwidth lets as many bytes pass at once as come in this time. */
    static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What limits need to hold; made anew where a limit changes. */
    private record State(
            LimitSettings settings,
            boolean limited,
            @Nullable RateBucket opens,
            @Nullable RateBucket in,
            @Nullable RateBucket out,
            @Nullable UserTable users) {
        private static final State NONE = new State(LimitSettings.NONE, false, null, null, null, null);
    }

    /** Users that are told apart at a time, where nothing is said. */
    public static final int MOST_USERS = 100_000;

    private final LongSupplier clock;
    private final int mostUsers;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile State state = State.NONE;

    /**
     * One without limits.
     *
     * @param clock the loops'
     * @param mostUsers how many users are told apart at a time
     */
    public LimitLevel(LongSupplier clock, int mostUsers) {
        this.clock = clock;
        this.mostUsers = mostUsers;
    }

    /** Another without limits, with the same clock and as many users. */
    public LimitLevel another() {
        return new LimitLevel(clock, mostUsers);
    }

    /** From now on these limits hold, for the connections that there are, too; but none of them ends because there are too many. Returns whether they are others. */
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

    /** The same bucket, or one with another rate; null for rate 0. */
    static @Nullable RateBucket bucket(@Nullable RateBucket before, long rate, long burst, long now) {
        if (rate == 0) {
            return null;
        }
        return before != null && before.rate() == rate ? before : new RateBucket(rate, burst, now);
    }

    /** What holds now. */
    public LimitSettings settings() {
        return state.settings;
    }

    /** Connections that there are. */
    public int connections() {
        return connections.get();
    }

    /** Users that are told apart now. */
    public int users() {
        UserTable users = state.users;
        return users == null ? 0 : users.size();
    }

    /** Whether there are as many connections as there may be. */
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

    /** What became of a connection here: it is counted, or refused. */
    static final class Entry {
        private final LimitLevel level;
        private final @Nullable UserTable users; // that counts it
        private final @Nullable RateBucket opens; // that it has taken from
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

        /** Why it is refused; null: it is counted. */
        @Nullable
        LimitRefusal refusal() {
            return refusal;
        }

        /** It has ended. Once. */
        void leave() {
            level.connections.decrementAndGet();
            if (users != null) {
                users.leave(user, level.clock.getAsLong());
            }
        }

        /** It came to nothing, as another limit keeps it out. Once. */
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

    /** Whether there are limits. */
    boolean isLimited() {
        return state.limited;
    }

    /** Counts a connection, if the limits let it in. */
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

    /** Counts a connection where there are no limits. */
    void enterFreely() {
        connections.incrementAndGet();
    }

    /** One that was {@linkplain #enterFreely counted} so has ended. */
    void leaveFreely() {
        connections.decrementAndGet();
    }
}
