package io.portproxy.server.limits;

import io.portproxy.net.RateBucket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts the connections of each user: of each IPv4 address, or IPv6 network of 64 bits. It is bounded. Any thread. */
final class UserTable {
    private static final int FIRST_SWEEP = 1024;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** One user. Changes only while the table's entry is locked. */
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

    /** @param most how many users it counts at a time */
    UserTable(int most, long now) {
        this.most = most;
        this.sweptAt = new AtomicLong(now - SECOND);
    }

    /** Users that are counted now. */
    int size() {
        return users.size();
    }

    /** Counts a connection of a user. Returns why not; null: it is counted. */
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

    /** A connection that was counted has ended. */
    void leave(String user, long now) {
        users.computeIfPresent(user, (key, its) -> {
            its.connections--;
            return its.isForgettable(now) ? null : its;
        });
    }

    /** A connection that was counted came to nothing. */
    void undo(String user) {
        users.computeIfPresent(user, (key, its) -> {
            its.connections--;
            if (its.opens != null) {
                its.opens.giveBack(1);
            }
            return its;
        });
    }

    /** Forgets users who have nothing any more, when there are twice as many as then were left; of a full table, once a second. */
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
