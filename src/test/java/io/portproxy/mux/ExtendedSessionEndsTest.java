package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests half-close: each direction ends on its own. A stream is over when both directions have ended and all bytes are delivered. */
class ExtendedSessionEndsTest {
    private final ExtendedBed bed = ExtendedBed.withMuchMemory();
    private final ExtendedSession session = bed.session;
    private ExtendedSocket socket;
    private Stream stream;

    @BeforeEach
    void opens() throws ProtocolException {
        socket = bed.open(1);
        stream = socket.stream();
    }

    @Test
    void ourEndThenThePeers() throws ProtocolException {
        session.inputEnded(stream);
        assertThat(bed.asked()).containsExactly("End 1");
        assertThat(session.live()).isOne();
        session.peerEnded(1);
        assertThat(socket.events()).containsExactly("FIN", "released");
        assertOver();
    }

    @Test
    void thePeersEndThenOurs() throws ProtocolException {
        session.peerEnded(1);
        assertThat(socket.events()).containsExactly("FIN");
        assertThat(session.live()).isOne();
        session.inputEnded(stream);
        assertThat(bed.asked()).containsExactly("End 1");
        assertThat(socket.events()).containsExactly("FIN", "released");
        assertOver();
    }

    @Test
    void waitsWithTheFinUntilTheLastBytesAreWritten() throws ProtocolException {
        bed.data(1, 700);
        session.peerEnded(1);
        session.inputEnded(stream);
        assertThat(socket.events()).isEmpty();
        assertThat(session.live()).isOne();
        socket.take(699);
        assertThat(socket.events()).isEmpty();
        socket.take(1);
        assertThat(socket.events()).containsExactly("FIN", "released");
        assertOver();
    }

    @Test
    void ourSocketMayEndBetweenThePeersEndAndItsLastBytes() throws ProtocolException {
        bed.data(1, 700);
        session.inputEnded(stream);
        session.peerEnded(1);
        socket.take(700);
        assertThat(socket.events()).containsExactly("FIN", "released");
        assertOver();
    }

    @Test
    void ourSocketMayEndAfterEverythingIsDelivered() throws ProtocolException {
        bed.data(1, 700);
        session.peerEnded(1);
        socket.take(700);
        assertThat(socket.events()).containsExactly("FIN");
        assertThat(session.live()).isOne();
        session.inputEnded(stream);
        assertThat(socket.events()).containsExactly("FIN", "released");
        assertOver();
    }

    @Test
    void thePeersDataStillComesAfterOurEnd() throws ProtocolException {
        session.inputEnded(stream);
        socket.take(5000);
        bed.data(1, 400);
        assertThat(socket.taken()).isEqualTo(400);
        assertThat(socket.isFinished()).isFalse();
    }

    @Test
    void tellsItsEndOnce() {
        session.inputEnded(stream);
        session.inputEnded(stream);
        assertThat(bed.asked()).containsExactly("End 1");
    }

    @Test
    void dataBehindThePeersEndIsAnError() throws ProtocolException {
        session.peerEnded(1);
        assertThatThrownBy(() -> bed.data(1, 1))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("behind its End");
    }

    @Test
    void dataBehindBothEndsIsAnErrorWhileTheStreamIsKnown() throws ProtocolException {
        bed.data(1, 10);
        session.inputEnded(stream);
        session.peerEnded(1);
        assertThatThrownBy(() -> bed.data(1, 1)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aSecondEndIsAnError() throws ProtocolException {
        session.peerEnded(1);
        assertThatThrownBy(() -> session.peerEnded(1))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("second End");
        assertThat(socket.events()).containsExactly("FIN");
    }

    @Test
    void aSecondEndIsAnErrorWhileTheLastBytesAreDelivered() throws ProtocolException {
        bed.data(1, 10);
        session.inputEnded(stream);
        session.peerEnded(1);
        assertThatThrownBy(() -> session.peerEnded(1)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void whatComesForAStreamThatIsOverIsSkipped() throws ProtocolException {
        session.inputEnded(stream);
        session.peerEnded(1);
        bed.asked();
        bed.data(1, 100);
        session.peerEnded(1);
        session.peerWindow(1, 77, 100);
        session.peerReset(1, Reason.USER_RESET);
        assertThat(bed.asked()).isEmpty();
        assertThat(socket.events()).containsExactly("FIN", "released");
    }

    @Test
    void unknownIdentitiesAreSkipped() throws ProtocolException {
        bed.data(9, 100_000);
        session.peerEnded(9);
        session.peerReset(9, Reason.UNKNOWN);
        assertThat(bed.asked()).isEmpty();
        assertThat(session.live()).isOne();
        assertThat(socket.events()).isEmpty();
    }

    @Test
    void anIdentityInUseIsRefused() {
        assertThatThrownBy(() -> bed.open(1))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("second stream");
        assertThat(session.live()).isOne();
    }

    @Test
    void anIdentityIsFreeAgainWhenItsStreamIsOver() throws ProtocolException {
        bed.data(1, 300);
        session.end(stream, Reason.USER_RESET);
        ExtendedSocket next = bed.open(1);
        assertThat(session.sendRoom(next.stream())).isEqualTo(ExtendedBed.PEER_WINDOW);
        bed.data(1, 1000); // as much as a whole new window
        assertThat(next.queued()).isEqualTo(1000);
        assertThat(socket.events()).containsExactly("reset: user reset");
    }

    @Test
    void takesNoMoreStreamsThanItsLimit() throws ProtocolException {
        for (int i = 2; i <= ExtendedBed.MAX_STREAMS; i++) {
            assertThat(session.hasRoom()).isTrue();
            bed.open(i);
        }
        assertThat(session.hasRoom()).isFalse();
        assertThatThrownBy(() -> bed.open(100)).isInstanceOf(IllegalStateException.class);
        session.peerReset(2, Reason.TARGET_RESET);
        assertThat(session.hasRoom()).isTrue();
        bed.open(100);
    }

    @Test
    void halfClosedStreamsCountForTheLimit() throws ProtocolException {
        for (int i = 2; i <= ExtendedBed.MAX_STREAMS; i++) {
            session.inputEnded(bed.open(i).stream());
        }
        session.peerEnded(1);
        assertThat(session.hasRoom()).isFalse();
    }

    private void assertOver() {
        assertThat(session.live()).isZero();
        assertThat(session.waiting()).isZero();
        assertThat(bed.memory.used()).isZero();
    }
}
