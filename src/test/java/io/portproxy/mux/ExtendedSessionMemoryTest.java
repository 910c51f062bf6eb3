package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests bytes that wait for sockets. When the tunnel or the whole process has too many of them, the session stops reading the tunnel. */
class ExtendedSessionMemoryTest {
    private final ExtendedBed bed = new ExtendedBed();
    private final ExtendedSession session = bed.session;

    @Test
    void aSlowReaderHoldsUpItsOwnStreamOnly() throws ProtocolException {
        bed.open(1);
        ExtendedSocket fast = bed.openReadable(2);
        bed.data(1, 1000);
        bed.data(2, 400);
        assertThat(bed.asked()).isEmpty();
        assertThat(bed.peer.isReading()).isTrue();
        assertThat(fast.taken()).isEqualTo(400);
    }

    @Test
    void isNotReadWhileTooMuchWaitsForAllItsStreams() throws ProtocolException {
        ExtendedSocket first = bed.open(1);
        for (int i = 1; i <= 3; i++) {
            if (i > 1) {
                bed.open(i);
            }
            bed.data(i, 1000);
        }
        ExtendedSocket last = bed.open(4);
        assertThat(bed.asked()).isEmpty();
        assertThat(session.waiting()).isEqualTo(ExtendedBed.TUNNEL_BUFFER);
        bed.data(4, 1);
        assertThat(bed.asked()).containsExactly("pause");
        last.take(1);
        first.take(400);
        assertThat(bed.asked()).isEmpty();
        session.peerReset(2, Reason.TARGET_RESET);
        assertThat(session.waiting()).isEqualTo(1600);
        assertThat(bed.asked()).isEmpty();
        first.take(100); // half of the bytes are gone
        assertThat(bed.asked()).containsExactly("read", "Window 1 500+1000");
    }

    @Test
    void dropsTheStreamsForWhichMostWaitsWhenNothingMoves() throws ProtocolException {
        ExtendedSocket first = bed.open(1);
        ExtendedSocket second = bed.open(2);
        ExtendedSocket third = bed.open(3);
        ExtendedSocket fourth = bed.open(4);
        bed.data(1, 600);
        bed.data(2, 1000);
        bed.data(3, 700);
        bed.data(4, 800);
        bed.asked();
        bed.now += ExtendedBed.STALL - 1;
        session.checkStall();
        assertThat(bed.asked()).isEmpty();
        bed.now += 1;
        session.checkStall();
        assertThat(second.events()).containsExactly("reset: stalled");
        assertThat(fourth.events()).containsExactly("reset: stalled");
        assertThat(bed.asked()).containsExactly("Reset 2 stalled", "read", "Reset 4 stalled");
        assertThat(first.isOver() || third.isOver()).isFalse();
    }

    @Test
    void neverDropsASlowReaderWhileTheTunnelIsRead() throws ProtocolException {
        ExtendedSocket slow = bed.open(1);
        bed.data(1, 1000);
        bed.now += 100 * ExtendedBed.STALL;
        session.checkStall();
        assertThat(slow.isOver()).isFalse();
        assertThat(bed.asked()).isEmpty();
    }

    @Test
    void aLostTunnelGivesBackWhatItHeld() throws ProtocolException {
        bed.open(1);
        bed.data(1, 1000);
        ExtendedSocket refused = bed.open(2);
        bed.data(2, 200);
        session.refuse(refused.stream(), Reason.DENIED);
        session.cut(Reason.TUNNEL_LOST);
        assertThat(bed.memory.used()).isEqualTo(200);
        refused.take(200);
        assertThat(bed.memory.used()).isZero();
    }

    @Test
    void theProcessCountsTheBytesOfAllTunnels() throws ProtocolException {
        MemoryCeiling shared = new MemoryCeiling(1500);
        ExtendedBed one = new ExtendedBed(shared);
        ExtendedBed other = new ExtendedBed(shared);
        ExtendedSocket slow = one.open(1);
        other.open(1);
        one.data(1, 900);
        other.data(1, 600);
        assertThat(shared.used()).isEqualTo(1500);
        assertThat(one.peer.isReading() && other.peer.isReading()).isTrue();
        one.data(1, 1);
        assertThat(one.asked()).containsExactly("pause");
        slow.take(901);
        assertThat(one.asked()).containsExactly("read", "Window 1 901+1375");
        assertThat(shared.used()).isEqualTo(600);
    }

    @Test
    void onlyTunnelsForWhichBytesWaitArePaused() throws ProtocolException {
        MemoryCeiling shared = new MemoryCeiling(800);
        ExtendedBed guilty = new ExtendedBed(shared);
        ExtendedBed innocent = new ExtendedBed(shared);
        guilty.open(1);
        guilty.data(1, 900);
        ExtendedSocket fast = innocent.openReadable(1);
        innocent.data(1, 400);
        innocent.session.checkStall();
        assertThat(innocent.asked()).isEmpty();
        assertThat(fast.taken()).isEqualTo(400);
        assertThat(guilty.peer.isReading()).isFalse();
    }

    @Test
    void readsAgainAtTheNextLookWhenAnotherTunnelHasGivenBackItsMemory() throws ProtocolException {
        MemoryCeiling shared = new MemoryCeiling(1000);
        ExtendedBed one = new ExtendedBed(shared);
        ExtendedBed other = new ExtendedBed(shared);
        ExtendedSocket large = one.open(1);
        ExtendedSocket small = other.open(1);
        one.data(1, 900);
        other.data(1, 200);
        assertThat(other.asked()).containsExactly("pause");
        other.session.checkStall();
        assertThat(other.asked()).isEmpty();
        one.session.end(large.stream(), Reason.USER_RESET);
        other.session.checkStall();
        assertThat(other.asked()).containsExactly("read");
        assertThat(small.isOver()).isFalse();
    }

    @Test
    void aPausedTunnelForWhichNothingWaitsAnyMoreIsReadWhateverTheOthersHold() throws ProtocolException {
        MemoryCeiling shared = new MemoryCeiling(1000);
        ExtendedBed one = new ExtendedBed(shared);
        ExtendedBed other = new ExtendedBed(shared);
        one.open(1);
        ExtendedSocket small = other.open(1);
        one.data(1, 1000);
        other.data(1, 20);
        assertThat(other.asked()).containsExactly("pause");
        small.take(20);
        assertThat(other.asked()).containsExactly("read");
        assertThat(shared.used()).isEqualTo(1000);
    }

    private static long window(List<String> asked) {
        return asked.stream()
                .filter(line -> line.startsWith("Window"))
                .map(line -> Long.parseLong(line.substring(line.indexOf('+') + 1)))
                .reduce((first, second) -> second)
                .orElse((long) ExtendedBed.INITIAL_WINDOW);
    }

    /** Returns the window to which a new stream grows if its reader keeps up. */
    private static long grownWindow(ExtendedBed bed, long identity) throws ProtocolException {
        bed.openReadable(identity);
        bed.asked();
        for (int i = 0; i < 50; i++) {
            bed.data(identity, 500);
        }
        return window(bed.asked());
    }

    @Test
    void allWindowsTogetherGrowByNoMoreThanHalfTheTunnelBuffer() throws ProtocolException {
        long grown = 0;
        for (int stream = 1; stream <= ExtendedBed.MAX_STREAMS; stream++) {
            long window = grownWindow(bed, stream);
            assertThat(window).as("stream %s", stream).isGreaterThan(ExtendedBed.INITIAL_WINDOW);
            grown += window - ExtendedBed.INITIAL_WINDOW;
        }
        assertThat(grown).isLessThanOrEqualTo(ExtendedBed.TUNNEL_BUFFER / 2);
    }

    @Test
    void aStreamThatIsOverGivesBackByHowMuchItsWindowGrew() throws ProtocolException {
        long first = grownWindow(bed, 1);
        assertThat(grownWindow(bed, 2)).isLessThan(first);
        session.peerReset(1, Reason.USER_RESET);
        session.peerReset(2, Reason.USER_RESET);
        assertThat(grownWindow(bed, 3)).isEqualTo(first);
    }

    @Test
    void theWindowsOfAllTunnelsTogetherGrowByNoMoreThanHalfTheProcessMay() throws ProtocolException {
        MemoryCeiling shared = new MemoryCeiling(1000);
        ExtendedBed one = new ExtendedBed(shared);
        ExtendedBed other = new ExtendedBed(shared);
        long grown = grownWindow(one, 1) + grownWindow(other, 1) - 2 * ExtendedBed.INITIAL_WINDOW;
        assertThat(grown).isPositive().isLessThanOrEqualTo(500);
        one.session.cut(Reason.TUNNEL_LOST);
        other.session.cut(Reason.TUNNEL_LOST);
        assertThat(shared.unpromised()).isEqualTo(500);
    }

    @Test
    void aStreamThatIsReadHoweverSlowlyIsNotDropped() throws ProtocolException {
        ExtendedSocket[] slow = new ExtendedSocket[ExtendedBed.MAX_STREAMS];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = bed.open(i + 1);
            bed.data(i + 1, 1000);
        }
        assertThat(bed.asked()).contains("pause");
        for (int look = 0; look < 10; look++) {
            bed.now += ExtendedBed.STALL - 1;
            for (ExtendedSocket socket : slow) {
                socket.take(1);
            }
            session.checkStall();
        }
        assertThat(session.live()).isEqualTo(slow.length);
        bed.now += ExtendedBed.STALL;
        session.checkStall();
        assertThat(session.live()).as("those that take nothing go").isLessThan(slow.length);
    }

    @Test
    void allWhoStalledAreDroppedInOneLookUntilHalfIsGone() throws ProtocolException {
        for (int stream = 1; stream <= ExtendedBed.MAX_STREAMS; stream++) {
            bed.open(stream);
            bed.data(stream, 1000);
        }
        bed.now += ExtendedBed.STALL;
        bed.asked();
        session.checkStall();
        assertThat(bed.peer.isReading()).isTrue();
        assertThat(session.waiting()).isEqualTo(1000);
    }

    @Test
    void whoHasStalledBeforeIsDroppedAtTheFirstLook() throws ProtocolException {
        bed.open(1);
        bed.data(1, 1000);
        bed.now += ExtendedBed.STALL;
        for (int stream = 2; stream <= ExtendedBed.MAX_STREAMS; stream++) {
            bed.open(stream);
            bed.data(stream, 1000);
        }
        session.checkStall();
        assertThat(bed.asked()).contains("Reset 1 stalled").doesNotContain("Reset 2 stalled");
        assertThat(session.live()).isEqualTo(ExtendedBed.MAX_STREAMS - 1);
    }
}
