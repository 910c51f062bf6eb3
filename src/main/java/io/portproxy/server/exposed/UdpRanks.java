package io.portproxy.server.exposed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a port of type udp, by how little says that their users are where their datagrams come from, and so which of them
 * gives way to a newcomer where all are taken.
 *
 * <p>An <em>exchange</em> is a datagram of a user behind an answer. A forged sender gets no answers, but may guess when there is one,
 * so one exchange is no proof. It has to guess again and again for each of its sessions, though, and users in earnest have many:
 * sessions are ranked by the exchanges that they have had of late. On the port's loop.
 */
final class UdpRanks {
    /** Exchanges from which on a session never gives way. */
    static final int BUSY = 32;

    /** More are not counted, so that a session that was busy once is not for long. */
    private static final int MOST = 4 * BUSY - 1;

    /** None; then 1, 2 to 3, 4 to 7 and so on; then those that are busy. */
    private static final int RANKS = 2 + Integer.numberOfTrailingZeros(BUSY);

    /** How long a session has at least to get an answer and to send something behind it. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After this time, an exchange counts half. */
    private static final long HALF_LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A newcomer is refused where one in so many sessions is fresh, and the others have had more exchanges. */
    private static final int FRESH_SHARE = 4;

    private final List<Set<UdpSession>> ranks = IntStream.range(0, RANKS)
            .<Set<UdpSession>>mapToObj(rank -> new LinkedHashSet<>()) // the oldest in a rank first
            .toList();
    private long agedAt;

    /** @param now on the clock of the loop, as everywhere here */
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

    /** Its user has sent something behind an answer. */
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

    /** Has what was long ago count less, when it is time. One exchange is never forgotten. */
    void age(long now) {
        if (now - agedAt < HALF_LIFE_NANOS) {
            return;
        }
        agedAt = now;
        for (int rank = rank(2); rank < RANKS; rank++) { // upwards: none is met twice
            List.copyOf(ranks.get(rank)).forEach(session -> move(session, session.exchanges() / 2));
        }
    }

    /**
     * Who gives way to a newcomer: the oldest of those with the fewest exchanges. A flood of newcomers displaces at most a quarter of
     * all sessions in a second: its own are fresh then.
     *
     * @param most how many sessions there may be
     * @return null if none may be ended
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
