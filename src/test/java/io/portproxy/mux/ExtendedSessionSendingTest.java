package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the windows that the peer gives: how much the session may send, and which stream it wakes when a window grows. */
class ExtendedSessionSendingTest {
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
    void sendsAtFirstWhatThePeerGaveInItsGreeting() {
        assertThat(session.sendRoom(stream)).isEqualTo(500);
        session.sent(stream, 200);
        assertThat(session.sendRoom(stream)).isEqualTo(300);
        session.sent(stream, 300);
        assertThat(session.sendRoom(stream)).isZero();
    }

    @Test
    void sendingMoreThanTheWindowIsABug() {
        session.sent(stream, 500);
        assertThatThrownBy(() -> session.sent(stream, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sendsUpToWhatIsDeliveredAndTheWindowBehindIt() throws ProtocolException {
        session.sent(stream, 500);
        session.peerWindow(1, 300, 1000);
        assertThat(session.sendRoom(stream)).isEqualTo(800);
    }

    @Test
    void theSameWindowTwiceGivesNothingMore() throws ProtocolException {
        session.sent(stream, 500);
        session.peerWindow(1, 300, 1000);
        session.peerWindow(1, 300, 1000);
        assertThat(session.sendRoom(stream)).isEqualTo(800);
    }

    @Test
    void anOlderOrSmallerWindowTakesNothingBack() throws ProtocolException {
        session.sent(stream, 500);
        session.peerWindow(1, 300, 1000);
        session.peerWindow(1, 100, 500);
        session.peerWindow(1, 300, 0);
        assertThat(session.sendRoom(stream)).isEqualTo(800);
    }

    @Test
    void takesTheLargestWindowThatTheWireCanCarry() throws ProtocolException {
        session.sent(stream, 500);
        session.peerWindow(1, 500, 0xffff_ffffL);
        assertThat(session.sendRoom(stream)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void refusesAWindowForBytesThatWereNotSent() {
        session.sent(stream, 100);
        assertThatThrownBy(() -> session.peerWindow(1, 101, 1000))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("not sent");
        assertThat(session.sendRoom(stream)).isEqualTo(400);
    }

    @Test
    void refusesANegativeNumberOfDeliveredBytes() {
        assertThatThrownBy(() -> session.peerWindow(1, -1, 1000)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void wakesABlockedSenderOnce() throws ProtocolException {
        session.sent(stream, 500);
        assertThat(session.sendRoom(stream)).isZero();
        session.peerWindow(1, 200, 500);
        session.peerWindow(1, 300, 500);
        session.peerWindow(1, 300, 500);
        assertThat(socket.events()).containsExactly("room");
    }

    @Test
    void wakesASenderEachTimeItWasBlocked() throws ProtocolException {
        session.sent(stream, 500);
        session.sendRoom(stream);
        session.peerWindow(1, 200, 500);
        assertThat(session.sendRoom(stream)).isEqualTo(200);
        session.sent(stream, 200);
        assertThat(session.sendRoom(stream)).isZero();
        session.peerWindow(1, 400, 500);
        assertThat(socket.events()).containsExactly("room", "room");
    }

    @Test
    void wakesNobodyWhenTheWindowDidNotGrow() throws ProtocolException {
        session.sent(stream, 500);
        session.sendRoom(stream);
        session.peerWindow(1, 0, 500);
        session.peerWindow(1, 500, 0);
        assertThat(socket.events()).isEmpty();
    }

    @Test
    void wakesNobodyWhoHasRoomOrDidNotAsk() throws ProtocolException {
        session.sent(stream, 400);
        assertThat(session.sendRoom(stream)).isEqualTo(100);
        session.peerWindow(1, 400, 500);
        session.sent(stream, 500); // the window is used up, but the stream has not asked for room
        session.peerWindow(1, 900, 500);
        assertThat(socket.events()).isEmpty();
    }

    @Test
    void wakesOnlyTheStreamWhoseWindowGrew() throws ProtocolException {
        ExtendedSocket other = bed.open(2);
        session.sent(stream, 500);
        session.sendRoom(stream);
        session.sent(other.stream(), 500);
        session.sendRoom(other.stream());
        session.peerWindow(2, 500, 500);
        assertThat(socket.events()).isEmpty();
        assertThat(other.events()).containsExactly("room");
    }

    @Test
    void stillSendsWhenThePeerHasEnded() throws ProtocolException {
        session.sent(stream, 500);
        session.sendRoom(stream);
        session.peerEnded(1);
        session.peerWindow(1, 500, 500);
        assertThat(session.sendRoom(stream)).isEqualTo(500);
        assertThat(socket.events()).containsExactly("FIN", "room");
    }

    @Test
    void takesAWindowBehindItsOwnEnd() throws ProtocolException {
        session.sent(stream, 500);
        session.inputEnded(stream);
        session.peerWindow(1, 500, 500);
        assertThatThrownBy(() -> session.peerWindow(1, 501, 500)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void skipsAWindowOfAnUnknownStream() throws ProtocolException {
        session.peerWindow(9, 1_000_000, 500);
        session.end(stream, Reason.USER_RESET);
        session.peerWindow(1, 1_000_000, 500);
        assertThat(socket.events()).containsExactly("reset: user reset");
        assertThat(bed.asked()).containsExactly("Reset 1 user reset");
    }

    @Test
    void tellsThePeerThatTheTargetIsConnected() {
        session.connected(stream);
        assertThat(bed.asked()).containsExactly("Opened 1");
    }
}
