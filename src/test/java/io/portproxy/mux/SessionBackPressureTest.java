package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests when a session stops reading the tunnel, and which streams it then drops. The limits are 1000 bytes for a stream, 2500 bytes
 * together, and 30 s.
 */
class SessionBackPressureTest {
    private static final long STALL = 30_000_000_000L;

    private final FakePeer peer = new FakePeer();
    private long now = Long.MAX_VALUE - STALL / 2; // the clock of a JVM may wrap
    private final MemoryCeiling memory = new MemoryCeiling(1 << 20);
    private final Session session = new ClassicSession(
            new SessionLimits(1000, 2500, Duration.ofNanos(STALL), 100, 4096, 4096), peer, memory, () -> now);
    private long identity;

    @Test
    void readsOnWhileNoMoreWaitsThanTheBound() throws ProtocolException {
        FakeEndpoint slow = open();

        deliver(slow, 1000);

        assertThat(peer.isReading()).isTrue();
        assertThat(session.waiting()).isEqualTo(1000);
    }

    @Test
    void pausesAboveTheBoundOfAStreamAndResumesAtHalf() throws ProtocolException {
        FakeEndpoint slow = open();

        deliver(slow, 1001);
        assertThat(peer.isReading()).isFalse();
        slow.take(500);
        assertThat(session.waiting()).isEqualTo(501);
        assertThat(peer.isReading()).isFalse();
        slow.take(1);

        assertThat(peer.asked()).containsExactly("pause", "read");
    }

    @Test
    void pausesAgainOnlyAboveTheBound() throws ProtocolException {
        FakeEndpoint slow = open();
        deliver(slow, 1001);
        slow.take(501);
        peer.asked();

        deliver(slow, 500);
        assertThat(peer.asked()).isEmpty();
        deliver(slow, 1);

        assertThat(peer.asked()).containsExactly("pause");
    }

    @Test
    void resumesOnlyWhenTheLastSlowStreamIsBelow() throws ProtocolException {
        FakeEndpoint first = open();
        FakeEndpoint second = open();
        deliver(first, 1100);
        deliver(second, 1100);

        first.take(1100);
        assertThat(peer.isReading()).isFalse();
        second.take(1100);

        assertThat(peer.asked()).containsExactly("pause", "read");
    }

    @Test
    void pausesAboveTheBoundOfAllAndResumesAtHalf() throws ProtocolException {
        FakeEndpoint first = open();
        FakeEndpoint second = open();
        FakeEndpoint third = open();
        deliver(first, 1000);
        deliver(second, 1000);
        deliver(third, 500);
        assertThat(peer.isReading()).isTrue();

        deliver(third, 1);
        assertThat(peer.isReading()).isFalse();
        first.take(1000);
        second.take(250);
        assertThat(session.waiting()).isEqualTo(1251);
        assertThat(peer.isReading()).isFalse();
        second.take(1);

        assertThat(peer.asked()).containsExactly("pause", "read");
    }

    @Test
    void resumesWhenTheSlowStreamEnds() throws ProtocolException {
        FakeEndpoint slow = open();
        deliver(slow, 1001);
        peer.asked();

        session.end(slow.stream(), Reason.USER_RESET);

        assertThat(peer.asked()).containsExactlyInAnyOrder("read", "CloseConnection 000000000001");
        assertThat(session.waiting()).isZero();
    }

    @Test
    void isNotHeldUpByAStreamThatGetsNoMore() throws ProtocolException {
        FakeEndpoint slow = open();
        deliver(slow, 1001);

        session.closeConnection(slow.stream().identity());

        assertThat(peer.asked()).containsExactly("pause", "read");
        assertThat(session.waiting()).isEqualTo(1001);
        slow.take(1);
        assertThat(peer.isReading()).isTrue();
    }

    @Test
    void leavesAStreamAloneUntilItHasStalledForTheWholeTime() throws ProtocolException {
        FakeEndpoint slow = open();
        deliver(slow, 1001);

        now += STALL - 1;
        session.checkStall();

        assertThat(slow.hasEnded()).isFalse();
        assertThat(peer.isReading()).isFalse();
    }

    @Test
    void dropsTheStreamThatStalledAndNoOther() throws ProtocolException {
        FakeEndpoint stalled = open();
        FakeEndpoint slow = open();
        FakeEndpoint idle = open();
        deliver(slow, 900);
        deliver(stalled, 1001);
        peer.asked();

        now += STALL / 2;
        slow.take(50);
        now += STALL / 2;
        session.checkStall();

        assertThat(stalled.ends()).containsExactly("reset: stalled");
        assertThat(slow.hasEnded()).isFalse();
        assertThat(idle.hasEnded()).isFalse();
        assertThat(peer.asked()).containsExactlyInAnyOrder("read", "CloseConnection 000000000001");
        assertThat(session.live()).isEqualTo(2);
        assertThat(session.waiting()).isEqualTo(850);
    }

    @Test
    void dropsWithItThoseWhoseReadersHaveTakenNothingEither() throws ProtocolException {
        FakeEndpoint stalled = open();
        FakeEndpoint wouldBeNext = open();
        FakeEndpoint holdsLittle = open();
        deliver(wouldBeNext, 250);
        deliver(holdsLittle, 249);
        deliver(stalled, 1001);

        now += STALL;
        session.checkStall();

        assertThat(stalled.ends()).containsExactly("reset: stalled");
        assertThat(wouldBeNext.ends()).containsExactly("reset: stalled");
        assertThat(holdsLittle.hasEnded()).isFalse();
    }

    @Test
    void dropsEachStreamAtItsOwnTime() throws ProtocolException {
        FakeEndpoint first = open();
        FakeEndpoint second = open();
        deliver(first, 1001);
        now += STALL / 2;
        deliver(second, 1001);

        now += STALL / 2;
        session.checkStall();
        assertThat(first.hasEnded()).isTrue();
        assertThat(second.hasEnded()).isFalse();
        now += STALL / 2;
        session.checkStall();

        assertThat(second.hasEnded()).isTrue();
        assertThat(peer.isReading()).isTrue();
    }

    @Test
    void countsTheTimeAnewAfterAStreamHasCaughtUp() throws ProtocolException {
        FakeEndpoint slow = open();
        deliver(slow, 1001);
        now += STALL - 1;
        slow.take(501);
        deliver(slow, 501);

        now += STALL - 1;
        session.checkStall();

        assertThat(slow.hasEnded()).isFalse();
    }

    @Test
    void dropsTheLargestWhenAllTogetherStall() throws ProtocolException {
        FakeEndpoint small = open();
        FakeEndpoint large = open();
        FakeEndpoint middle = open();
        deliver(small, 600);
        deliver(large, 1000);
        deliver(middle, 901);
        assertThat(peer.isReading()).isFalse();
        now += STALL - 1;
        session.checkStall();
        assertThat(session.live()).isEqualTo(3);

        now += 1;
        session.checkStall();

        assertThat(large.ends()).containsExactly("reset: stalled");
        assertThat(middle.ends()).as("until half is gone").containsExactly("reset: stalled");
        assertThat(small.hasEnded()).isFalse();
    }

    @Test
    void dropsNothingWhileTheTunnelIsRead() throws ProtocolException {
        FakeEndpoint slow = open();
        deliver(slow, 1000);

        now += 10 * STALL;
        session.checkStall();

        assertThat(slow.hasEnded()).isFalse();
    }

    @Test
    void dropsNoOpenStreamForWhatFinishingOnesHold() throws ProtocolException {
        FakeEndpoint innocent = open();
        holdTheTunnelWithFinishingStreams();
        deliver(innocent, 1);

        now += STALL;
        session.checkStall();

        assertThat(innocent.hasEnded()).isFalse();
    }

    @Test
    void isReadAgainWhenFinishingStreamsHaveHeldItForTooLong() throws ProtocolException {
        holdTheTunnelWithFinishingStreams();
        assertThat(peer.isReading()).isFalse();

        for (int i = 0; i < 3; i++) {
            now += STALL;
            session.checkStall();
        }

        assertThat(peer.isReading()).isTrue();
    }

    private void holdTheTunnelWithFinishingStreams() throws ProtocolException {
        for (int i = 0; i < 3; i++) {
            FakeEndpoint slow = open();
            deliver(slow, 900);
            session.closeConnection(slow.stream().identity());
            assertThat(slow.isFinishing()).isTrue();
        }
    }

    private FakeEndpoint open() throws ProtocolException {
        FakeEndpoint endpoint = new FakeEndpoint(session);
        FakeEndpoint opened = endpoint.of(session.add(++identity, endpoint));
        peer.asked();
        return opened;
    }

    private void deliver(FakeEndpoint endpoint, int length) throws ProtocolException {
        session.data(endpoint.stream().identity(), ByteBuffer.allocate(length));
    }
}
