package io.portproxy.server.exposed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a port of type udp, ranked by the evidence that their users really are at the addresses that their
 * datagrams come from. When all sessions are in use, the rank decides which session gives way to a new one.
 *
 * <p>An <em>exchange</em> is a datagram of a user after an answer. A forged sender gets no answers, but it may guess
 * when there is one, so one exchange is no proof. But it would have to guess again and again for each of its sessions,
 * while real users have many exchanges. Sessions are therefore ranked by their recent exchanges. On the port's loop.
 */
final class UdpRanks {
    /** A session with at least this many exchanges never gives way. */
    static final int BUSY = 32;

    /** Further exchanges are not counted, so that a session that was once busy does not count as busy for long. */
    private static final int MOST = 4 * BUSY - 1;

    /** Rank 0 has no exchange, the next ranks have 1, 2 to 3, 4 to 7 and so on, and the last has the busy sessions. */
    private static final int RANKS = 2 + Integer.numberOfTrailingZeros(BUSY);

    /** The time that a session has at least to get an answer and to send something after it. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After this time, an exchange counts half. */
    private static final long HALF_LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A new session is refused if one in this many sessions is too new to give way, and all others have more exchanges. */
    private static final int FRESH_SHARE = 4;

    private final List<Set<UdpSession>> ranks = IntStream.range(0, RANKS)
            .<Set<UdpSession>>mapToObj(rank -> new LinkedHashSet<>()) // the oldest in a rank first
            .toList();
    private long agedAt;

    /** @param now on the clock of the loop, as in all methods */
    UdpRanks(long now) {
        this.agedAt = now;
    }

    private static int rank(int exchanges) {
        return Math.min(RANKS - 1, Integer.SIZE - Integer.numberOfLeadingZeros(exchanges));
    }

    void add(UdpSession session) {
        ranks.get(rank(session.exchanges())).add(session);
    }

    void remove(UdpSession session) {
        ranks.get(rank(session.exchanges())).remove(session);
    }

    /** Records that the user has sent something after an answer. */
    void exchanged(UdpSession session) {
        if (session.exchanges() < MOST) {
            move(session, session.exchanges() + 1);
        }
    }

    private void move(UdpSession session, int exchanges) {
        int before = rank(session.exchanges());
        int after = rank(exchanges);
        session.exchanges(exchanges);
        if (before != after && ranks.get(before).remove(session)) {
            ranks.get(after).add(session);
        }
    }

    /** Halves the exchanges of each session when the half-life has passed. A single exchange is never forgotten. */
    void age(long now) {
        if (now - agedAt < HALF_LIFE_NANOS) {
            return;
        }
        agedAt = now;
        for (int rank = rank(2); rank < RANKS; rank++) { // upwards, so that no session is halved twice
            List.copyOf(ranks.get(rank)).forEach(session -> move(session, session.exchanges() / 2));
        }
    }

    /**
     * Returns the session that gives way to a new one: the oldest of those with the fewest exchanges. A flood of new
     * sessions displaces at most a quarter of all sessions per second, because its own sessions are too new to give
     * way.
     *
     * @param most the most sessions at a time
     * @return null if no session may be ended
     */
    @Nullable
    UdpSession leastProven(long now, int most) {
        long fresh = 0;
        for (Set<UdpSession> rank : ranks.subList(0, RANKS - 1)) {
            if (rank.isEmpty()) {
                continue;
            }
            UdpSession oldest = rank.iterator().next();
            if (now - oldest.begunAt() >= GRACE_NANOS) {
                return oldest;
            }
            fresh += rank.size();
            if (fresh * FRESH_SHARE >= most) {
                return null;
            }
        }
        return null;
    }
}
