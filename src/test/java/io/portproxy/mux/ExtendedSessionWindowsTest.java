package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import org.junit.jupiter.api.Test;

/** Tests the windows that this side gives: how much the peer may send on a stream, and when the session tells it so. */
class ExtendedSessionWindowsTest {
    private final ExtendedBed bed = ExtendedBed.withMuchMemory();

    @Test
    void saysNothingWhileLessThanHalfTheWindowIsUsed() throws ProtocolException {
        bed.openReadable(1);
        bed.data(1, 499);
        assertThat(bed.asked()).isEmpty();
    }

    @Test
    void tellsWhatIsDeliveredAndTwiceTheWindowWhenHalfOfItIsUsed() throws ProtocolException {
        bed.openReadable(1);
        bed.data(1, 499);
        bed.data(1, 1);
        assertThat(bed.asked()).containsExactly("Window 1 500+2000");
    }

    @Test
    void countsEveryWindowFromTheBeginningOfTheStream() throws ProtocolException {
        bed.openReadable(1);
        bed.data(1, 500);
        bed.data(1, 999);
        assertThat(bed.asked()).containsExactly("Window 1 500+2000");
        bed.data(1, 1);
        assertThat(bed.asked()).containsExactly("Window 1 1500+4000");
    }

    @Test
    void growsNoFurtherThanTheMaximum() throws ProtocolException {
        bed.openReadable(1);
        bed.data(1, 500);
        bed.data(1, 1000);
        bed.asked();
        bed.data(1, 2000);
        bed.data(1, 2000);
        assertThat(bed.asked()).containsExactly("Window 1 3500+4000", "Window 1 5500+4000");
    }

    @Test
    void aStreamThatIsMadeNarrowGivesBackWhatItHadGrownAndTakesWhatItWasPromised() throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        Stream stream = bed.session.stream(1).orElseThrow();
        bed.data(1, 1000);
        socket.take(1000);
        bed.data(1, 500);
        bed.asked();
        bed.session.narrow(stream, 0);
        assertThat(bed.memory.promised()).isZero();
        assertThat(stream.receiveWindow()).isEqualTo(ExtendedBed.INITIAL_WINDOW); // a window is never smaller
        bed.data(1, 500);
        socket.take(400);
        assertThat(bed.asked()).isEmpty();
        bed.data(1, 1000); // as much as the windows have promised before
        socket.take(1100);
        assertThat(bed.asked()).containsExactly("Window 1 2500+1000");
        bed.session.widen(stream);
        bed.session.end(stream, Reason.LIMIT);
        assertThat(bed.memory.promised()).isZero();
    }

    @Test
    void doesNotGrowWhileBytesWaitForTheSocket() throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        bed.data(1, 1000);
        assertThat(bed.asked()).isEmpty();
        socket.take(600);
        assertThat(bed.asked()).containsExactly("Window 1 600+1000");
        bed.data(1, 600);
        socket.take(500);
        assertThat(bed.asked()).containsExactly("Window 1 1100+1000");
    }

    @Test
    void growsAgainOnceTheReaderHasCaughtUp() throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        bed.data(1, 1000);
        socket.take(600);
        bed.asked();
        socket.take(400);
        assertThat(bed.asked()).isEmpty();
        socket.take(100);
        bed.data(1, 100);
        assertThat(bed.asked()).containsExactly("Window 1 1100+2000");
    }

    @Test
    void takesExactlyTheWindowAndNotAByteMore() throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        bed.data(1, 1000);
        assertThat(socket.queued()).isEqualTo(1000);
        assertThatThrownBy(() -> bed.data(1, 1))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("beyond its window");
        assertThat(socket.queued()).isEqualTo(1000);
    }

    @Test
    void refusesDataBeyondTheWindowEvenInOnePiece() throws ProtocolException {
        ExtendedSocket socket = bed.openReadable(1);
        assertThatThrownBy(() -> bed.data(1, 1001)).isInstanceOf(ProtocolException.class);
        assertThat(socket.taken()).isZero();
    }

    @Test
    void takesAsMuchAsALaterWindowAllows() throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        bed.data(1, 1000);
        socket.take(500);
        assertThat(bed.asked()).containsExactly("Window 1 500+1000");
        bed.data(1, 500); // 1500 in all: the 500 delivered ones and the window behind them
        assertThatThrownBy(() -> bed.data(1, 1)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void givesEachStreamItsOwnWindow() throws ProtocolException {
        ExtendedSocket slow = bed.open(1);
        bed.openReadable(2);
        bed.data(1, 1000);
        bed.data(2, 500);
        bed.data(2, 1000);
        assertThat(bed.asked()).containsExactly("Window 2 500+2000", "Window 2 1500+4000");
        assertThat(slow.queued()).isEqualTo(1000);
    }

    @Test
    void givesNoMoreWindowOnceThePeerHasEnded() throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        bed.data(1, 1000);
        bed.session.peerEnded(1);
        socket.take(1000);
        assertThat(bed.asked()).isEmpty();
        assertThat(socket.events()).containsExactly("FIN");
    }

    @Test
    void goesOnGivingWindowsWhileOnlyThisSideHasEnded() throws ProtocolException {
        ExtendedSocket socket = bed.openReadable(1);
        bed.session.inputEnded(socket.stream());
        bed.data(1, 500);
        assertThat(bed.asked()).containsExactly("End 1", "Window 1 500+2000");
    }

    @Test
    void saysNothingOfAStreamThatWasReset() throws ProtocolException {
        ExtendedSocket socket = bed.open(1);
        bed.session.end(socket.stream(), Reason.USER_RESET);
        bed.asked();
        bed.session.delivered(socket.stream(), 900);
        assertThat(bed.asked()).isEmpty();
    }

    @Test
    void growsWhileHalfAWindowIsUsedWithinTwoRoundTrips() throws ProtocolException {
        bed.peer.roundTrip = 100;
        bed.openReadable(1);
        bed.now += 200;
        bed.data(1, 500);
        assertThat(bed.asked()).containsExactly("Window 1 500+2000");
        bed.now += 201;
        bed.data(1, 1000);
        assertThat(bed.asked()).as("it lasts long enough").containsExactly("Window 1 1500+2000");
        bed.now += 200;
        bed.data(1, 1000);
        assertThat(bed.asked()).containsExactly("Window 1 2500+4000");
    }
}
