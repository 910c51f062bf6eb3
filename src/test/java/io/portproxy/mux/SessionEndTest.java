package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests how streams end. */
class SessionEndTest {
    private static final SessionLimits LIMITS =
            new SessionLimits(1000, 10_000, Duration.ofNanos(30_000), 3, 4096, 4096);

    private final FakePeer peer = new FakePeer();
    private final MemoryCeiling memory = new MemoryCeiling(1 << 20);
    private final Session session = new ClassicSession(LIMITS, peer, memory, () -> 0);

    @Test
    void endsCleanlyWhenThePeerClosesAndNeverAnswers() throws ProtocolException {
        FakeEndpoint user = open(1);
        peer.asked();

        session.closeConnection(1);

        assertThat(user.ends()).containsExactly("clean");
        assertThat(user.stream().state).isEqualTo(StreamState.CLOSED);
        assertThat(session.live()).isZero();
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void deliversWhatCameBeforeTheEnd() throws ProtocolException {
        FakeEndpoint user = open(1);
        peer.asked();
        session.data(1, bytes(100));

        session.closeConnection(1);

        assertThat(user.isFinishing()).isTrue();
        assertThat(session.live()).isEqualTo(1);
        assertThat(session.waiting()).isEqualTo(100);
        user.take(60);
        assertThat(user.isFinishing()).isTrue();
        user.take(60);
        assertThat(user.taken()).isEqualTo(100);
        assertThat(user.ends()).containsExactly("clean");
        assertThat(session.live()).isZero();
        assertThat(session.waiting()).isZero();
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void skipsWhatComesBehindTheEnd() throws ProtocolException {
        FakeEndpoint user = open(1);
        session.data(1, bytes(10));
        session.closeConnection(1);
        peer.asked();

        session.data(1, bytes(10));
        session.closeConnection(1);

        assertThat(user.queued()).isEqualTo(10);
        assertThat(user.isFinishing()).isTrue();
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void tellsThePeerThatOurSocketEnded() throws ProtocolException {
        FakeEndpoint user = open(1);
        peer.asked();

        session.inputEnded(user.stream());

        assertThat(peer.asked()).containsExactly("CloseConnection 000000000001");
        assertThat(user.ends()).containsExactly("reset: ended");
        assertThat(session.live()).isZero();
    }

    @Test
    void doesNotTellThePeerWhatItEndedItself() throws ProtocolException {
        FakeEndpoint user = open(1);
        session.data(1, bytes(10));
        session.closeConnection(1);
        peer.asked();

        session.end(user.stream(), Reason.USER_RESET);

        assertThat(peer.asked()).isEmpty();
        assertThat(user.ends()).containsExactly("reset: user reset");
        assertThat(session.live()).isZero();
        assertThat(session.waiting()).isZero();
    }

    @Test
    void endsAStreamOnce() throws ProtocolException {
        FakeEndpoint user = open(1);
        session.end(user.stream(), Reason.ENDED);
        peer.asked();

        session.end(user.stream(), Reason.USER_RESET);
        session.inputEnded(user.stream());
        session.refuse(user.stream(), Reason.DENIED);
        session.outputEnded(user.stream());
        session.closeConnection(1);
        session.waiting(user.stream(), 77);
        session.cut(Reason.TUNNEL_LOST);

        assertThat(user.ends()).containsExactly("reset: ended");
        assertThat(session.live()).isZero();
        assertThat(session.waiting()).isZero();
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void endsCleanlyOfItsOwnAccordBehindWhatWaits() throws ProtocolException {
        FakeEndpoint user = open(1);
        session.data(1, bytes(10));
        peer.asked();

        session.refuse(user.stream(), Reason.DENIED);

        assertThat(peer.asked()).containsExactly("CloseConnection 000000000001");
        assertThat(user.isFinishing()).isTrue();
        user.take(10);
        assertThat(user.ends()).containsExactly("clean");
        assertThat(session.live()).isZero();
    }

    @Test
    void doesNotEndCleanlyTwice() throws ProtocolException {
        FakeEndpoint user = open(1);
        session.data(1, bytes(10));
        session.closeConnection(1);
        peer.asked();

        session.refuse(user.stream(), Reason.DENIED);

        assertThat(peer.asked()).isEmpty();
        assertThat(user.isFinishing()).isTrue();
    }

    @Test
    void resetsWhatIsOpenWhenTheTunnelIsLost() throws ProtocolException {
        FakeEndpoint idle = open(1);
        FakeEndpoint busy = open(2);
        session.data(2, bytes(50));
        peer.asked();

        session.cut(Reason.TUNNEL_LOST);

        assertThat(idle.ends()).containsExactly("reset: tunnel lost");
        assertThat(busy.ends()).containsExactly("reset: tunnel lost");
        assertThat(session.live()).isZero();
        assertThat(session.waiting()).isZero();
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void letsWhatWasCompleteBeDeliveredWhenTheTunnelIsLost() throws ProtocolException {
        FakeEndpoint user = open(1);
        session.data(1, bytes(50));
        session.closeConnection(1);
        peer.asked();

        session.cut(Reason.TUNNEL_LOST);

        assertThat(user.isFinishing()).isTrue();
        user.take(50);
        assertThat(user.ends()).containsExactly("clean");
        assertThat(session.live()).isZero();
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void canEndAStreamWhileItGetsData() throws ProtocolException {
        FakeEndpoint broken = open(1);
        broken.breakNext();
        peer.asked();

        session.data(1, bytes(5));

        assertThat(broken.ends()).containsExactly("reset: target reset");
        assertThat(peer.asked()).containsExactly("CloseConnection 000000000001");
        assertThat(session.live()).isZero();
    }

    private FakeEndpoint open(long identity) throws ProtocolException {
        FakeEndpoint endpoint = new FakeEndpoint(session);
        return endpoint.of(session.add(identity, endpoint));
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length);
    }
}
