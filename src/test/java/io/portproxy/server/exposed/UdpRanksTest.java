package io.portproxy.server.exposed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests which session gives way to a newcomer when there is no room for another. */
class UdpRanksTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST = 8;

    private final UdpRanks ranks = new UdpRanks(0);
    private int port = 1;

    private UdpSession session(long begunAt, int exchanges) {
        UdpSession session =
                new UdpSession(null, new InetSocketAddress(InetAddress.getLoopbackAddress(), port++), null, begunAt);
        ranks.add(session);
        exchange(session, exchanges);
        return session;
    }

    private void exchange(UdpSession session, int times) {
        for (int i = 0; i < times; i++) {
            ranks.exchanged(session);
        }
    }

    /** Returns the sessions in the order in which they give way to simultaneous newcomers. */
    private List<UdpSession> inOrder(long now) {
        List<UdpSession> order = new ArrayList<>();
        for (UdpSession next = ranks.leastProven(now, MOST); next != null; next = ranks.leastProven(now, MOST)) {
            order.add(next);
            ranks.remove(next);
        }
        return order;
    }

    @Test
    void theOneWithTheFewestExchangesAndOfThoseTheOldest() {
        UdpSession talks = session(0, 5);
        UdpSession twice = session(0, 1);
        UdpSession once = session(1, 0);
        UdpSession onceLater = session(2, 0);
        UdpSession twiceLater = session(3, 1);

        assertThat(inOrder(10 * SECOND)).containsExactly(once, onceLater, twice, twiceLater, talks);
    }

    @Test
    void notOneThatIsBusy() {
        session(0, UdpRanks.BUSY);
        UdpSession nearly = session(0, UdpRanks.BUSY - 1);

        assertThat(inOrder(10 * SECOND)).containsExactly(nearly);
    }

    @Test
    void notOneThatHasHadNoTimeForAnAnswer() {
        session(9 * SECOND + 1, 0);

        assertThat(inOrder(10 * SECOND)).isEmpty();
    }

    /** Otherwise a flood of fresh sessions would end all older ones. */
    @Test
    void newcomersDisplaceOneAnotherWhereAQuarterIsFresh() {
        UdpSession old = session(0, 1);
        session(10 * SECOND, 0);
        assertThat(ranks.leastProven(10 * SECOND, MOST)).isSameAs(old);

        UdpSession fresh = session(10 * SECOND, 0);
        assertThat(ranks.leastProven(10 * SECOND, MOST)).isNull();

        exchange(fresh, 1); // its new rank has an old session, too
        assertThat(ranks.leastProven(10 * SECOND, MOST)).isSameAs(old);
    }

    @Test
    void whatWasLongAgoCountsLessButAnExchangeIsNeverForgotten() {
        UdpSession busyOnce = session(0, 1000);
        UdpSession twice = session(0, 1);
        for (int minutes = 1; minutes <= 2; minutes++) {
            ranks.age(minutes * MINUTE);
            ranks.age(minutes * MINUTE + 1);
        }
        assertThat(inOrder(2 * MINUTE)).containsExactly(twice, busyOnce);
        ranks.add(busyOnce);
        for (int minutes = 3; minutes <= 20; minutes++) {
            ranks.age(minutes * MINUTE);
        }
        UdpSession never = session(0, 0);
        assertThat(busyOnce.exchanges()).isEqualTo(1);
        assertThat(inOrder(20 * MINUTE)).containsExactly(never, busyOnce);
    }
}
