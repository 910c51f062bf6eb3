package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests streams that do not end cleanly: resets by either side in every state, refusals, and a lost tunnel. */
class ExtendedSessionResetTest {
    private final ExtendedBed bed = ExtendedBed.withMuchMemory();
    private final ExtendedSession session = bed.session;
    private ExtendedSocket socket;
    private Stream stream;

    /** The states in which the peer knows the stream. The test brings a stream there with bytes that still wait for the socket. */
    enum Known {
        OPEN,
        LOCAL_ENDED,
        PEER_ENDED,
        BOTH_ENDED
    }

    @BeforeEach
    void opens() throws ProtocolException {
        socket = bed.open(1);
        stream = socket.stream();
    }

    private void bring(Known state) throws ProtocolException {
        bed.data(1, 100);
        if (state == Known.LOCAL_ENDED || state == Known.BOTH_ENDED) {
            session.inputEnded(stream);
        }
        if (state == Known.PEER_ENDED || state == Known.BOTH_ENDED) {
            session.peerEnded(1);
        }
        assertThat(stream.state).isEqualTo(StreamState.valueOf(state.name()));
        bed.asked();
    }

    @ParameterizedTest
    @EnumSource
    void aResetOfThePeerResetsTheSocketAndIsNotAnswered(Known state) throws ProtocolException {
        bring(state);
        session.peerReset(1, Reason.TARGET_REFUSED);
        assertThat(socket.events()).containsExactly("reset: target refused");
        assertThat(bed.asked()).isEmpty();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenSocketIsToldToThePeer(Known state) throws ProtocolException {
        bring(state);
        session.end(stream, Reason.USER_RESET);
        assertThat(socket.events()).containsExactly("reset: user reset");
        assertThat(bed.asked()).containsExactly("Reset 1 user reset");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void aLostTunnelResetsWhatIsNotComplete(Known state) throws ProtocolException {
        bring(state);
        session.cut(Reason.TUNNEL_LOST);
        assertThat(socket.events()).containsExactly("reset: tunnel lost");
        assertThat(bed.asked()).isEmpty();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "PEER_ENDED"}) // after the socket has ended, there is nothing left to refuse
    void aRefusalStillDeliversWhatWaitsAndEndsWithAFin(Known state) throws ProtocolException {
        bring(state);
        session.refuse(stream, Reason.DENIED);
        assertThat(bed.asked()).containsExactly("Reset 1 denied");
        assertThat(socket.events()).isEmpty();
        assertThat(session.live()).isOne();
        assertThat(session.waiting()).isEqualTo(100);
        socket.take(100);
        assertThat(socket.events()).containsExactly("FIN", "closed");
        assertThat(bed.asked()).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void whatComesForARefusedStreamIsSkipped() throws ProtocolException {
        bed.data(1, 100);
        session.refuse(stream, Reason.DENIED);
        bed.asked();
        bed.data(1, 5000);
        session.peerEnded(1);
        session.peerWindow(1, 1 << 20, 100);
        session.peerReset(1, Reason.TARGET_RESET);
        assertThat(socket.queued()).isEqualTo(100);
        assertThat(socket.events()).isEmpty();
        assertThat(bed.asked()).isEmpty();
    }

    @Test
    void theIdentityOfARefusedStreamIsFree() throws ProtocolException {
        bed.data(1, 100);
        session.refuse(stream, Reason.DENIED);
        ExtendedSocket next = bed.openReadable(1);
        bed.data(1, 300);
        assertThat(next.taken()).isEqualTo(300);
        assertThat(session.live()).isEqualTo(2);
        socket.take(100);
        assertThat(session.live()).isOne();
        assertThat(next.isOver()).isFalse();
    }

    @Test
    void aRefusedStreamThatBreaksIsNotToldToThePeerAgain() throws ProtocolException {
        bed.data(1, 100);
        session.refuse(stream, Reason.DENIED);
        bed.asked();
        session.end(stream, Reason.USER_RESET);
        assertThat(bed.asked()).isEmpty();
        assertThat(socket.events()).containsExactly("reset: user reset");
        assertNothingIsLeft();
    }

    @Test
    void aRefusedStreamOutlivesItsTunnel() throws ProtocolException {
        bed.data(1, 100);
        session.refuse(stream, Reason.DENIED);
        session.cut(Reason.TUNNEL_LOST);
        socket.take(100);
        assertThat(socket.events()).containsExactly("FIN", "closed");
        assertNothingIsLeft();
    }

    @Test
    void aStreamThatThePeerHasEndedAndDeliveredCanBeRefused() throws ProtocolException {
        session.peerEnded(1);
        assertThat(socket.events()).containsExactly("FIN");
        session.refuse(stream, Reason.DENIED);
        assertThat(bed.asked()).containsExactly("Reset 1 denied");
        assertThat(socket.isOver()).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void aSocketThatBreaksWhileItGetsDataIsToldToThePeer() throws ProtocolException {
        socket.breakNext();
        bed.data(1, 10);
        assertThat(bed.asked()).containsExactly("Reset 1 target reset");
        assertNothingIsLeft();
    }

    @Test
    void whatASocketSaysAfterItsStreamIsOverChangesNothing() throws ProtocolException {
        session.peerReset(1, Reason.TARGET_RESET);
        session.end(stream, Reason.USER_RESET);
        session.inputEnded(stream);
        session.outputEnded(stream);
        session.waiting(stream, 50);
        session.delivered(stream, 900);
        session.refuse(stream, Reason.DENIED);
        assertThat(bed.asked()).isEmpty();
        assertThat(socket.events()).containsExactly("reset: target reset");
        assertNothingIsLeft();
    }

    @Test
    void aLostTunnelResetsEveryStreamAndLeavesTheCompleteOnesAlone() throws ProtocolException {
        session.peerEnded(1);
        session.inputEnded(stream);
        ExtendedSocket second = bed.open(2);
        ExtendedSocket third = bed.open(3);
        bed.data(3, 800);
        session.cut(Reason.IDLE_TIMEOUT);
        session.cut(Reason.IDLE_TIMEOUT);
        assertThat(socket.events()).containsExactly("FIN", "released");
        assertThat(second.events()).containsExactly("reset: idle timeout");
        assertThat(third.events()).containsExactly("reset: idle timeout");
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(session.live()).isZero();
        assertThat(session.waiting()).isZero();
        assertThat(bed.memory.used()).isZero();
        assertThat(stream.state).isEqualTo(StreamState.CLOSED);
    }
}
