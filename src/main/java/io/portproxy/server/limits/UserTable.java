package io.portproxy.server.limits;

import io.portproxy.net.RateBucket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connections of each user: of each IPv4 address, or of each IPv6 network of 64 bits. The number of users is
 * limited. Any thread.
 */
final class UserTable {
    private static final int FIRST_SWEEP = 1024;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** One user. It changes only while its entry in the table is locked. */
    private static final class User {
        private int connections;
        private @Nullable RateBucket opens;

        private boolean isForgettable(long now) {
            RateBucket bucket = opens;
            return connections == 0 && (bucket == null || bucket.isFull(now));
        }
    }

    private final int most;
    private final ConcurrentHashMap<String, User> users = new ConcurrentHashMap<>();
    private volatile int sweepAt = FIRST_SWEEP;
    private final AtomicLong sweptAt;

    /** @param most how many users the table counts at a time */
    UserTable(int most, long now) {
        this.most = most;
        this.sweptAt = new AtomicLong(now - SECOND);
    }

    /** The number of users in the table. */
    int size() {
        return users.size();
    }

    /** Counts a connection of a user. Returns why the connection is refused; null if it is counted. */
    @Nullable
    LimitRefusal enter(String user, LimitSettings limits, long now) {
        makeRoom(now);
        AtomicReference<@Nullable LimitRefusal> refusal = new AtomicReference<>();
        users.compute(user, (key, known) -> {
            if (known == null && users.mappingCount() >= most) {
                refusal.set(LimitRefusal.USERS);
                return null;
            }
            User its = known == null ? new User() : known;
            refusal.set(enter(its, limits, now));
            return its;
        });
        return refusal.get();
    }

    private static @Nullable LimitRefusal enter(User user, LimitSettings limits, long now) {
        if (limits.connectionsPerUser() > 0 && user.connections >= limits.connectionsPerUser()) {
            return LimitRefusal.CONNECTIONS_PER_USER;
        }
        if (limits.opensPerSecondPerUser() > 0) {
            RateBucket bucket = user.opens;
            if (bucket == null || bucket.rate() != limits.opensPerSecondPerUser()) {
                bucket = new RateBucket(limits.opensPerSecondPerUser(), SECOND, now);
                user.opens = bucket;
            }
            if (!bucket.tryTake(1, now)) {
                return LimitRefusal.RATE_PER_USER;
            }
        }
        user.connections++;
        return null;
    }

    /** Counts that a connection has ended. */
    void leave(String user, long now) {
        users.computeIfPresent(user, (key, its) -> {
            its.connections--;
            return its.isForgettable(now) ? null : its;
        });
    }

    /** Undoes the counting of a connection that another limit refused. */
    void undo(String user) {
        users.computeIfPresent(user, (key, its) -> {
            its.connections--;
            if (its.opens != null) {
                its.opens.giveBack(1);
            }
            return its;
        });
    }

    /**
     * Removes users who have no connection and a full bucket. Runs when the table has twice as many users as after the
     * last run, or is full, and at most once per second.
     */
    private void makeRoom(long now) {
        long size = users.mappingCount();
        if (size < Math.min(sweepAt, most)) {
            return;
        }
        long last = sweptAt.get();
        if (now - last < SECOND || !sweptAt.compareAndSet(last, now)) {
            return;
        }
        users.keySet().forEach(user -> users.computeIfPresent(user, (key, its) -> its.isForgettable(now) ? null : its));
        sweepAt = Math.max(FIRST_SWEEP, (int) Math.min(Integer.MAX_VALUE, 2 * users.mappingCount()));
    }
}
