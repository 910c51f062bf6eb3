package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests how streams begin and get their data. {@link SessionBackPressureTest} tests data that waits for slow sockets. */
class SessionTest {
    private static final SessionLimits LIMITS =
            new SessionLimits(1000, 10_000, Duration.ofNanos(30_000), 3, 4096, 4096);

    private final FakePeer peer = new FakePeer();
    private final MemoryCeiling memory = new MemoryCeiling(1 << 20);
    private final Session session = new ClassicSession(LIMITS, peer, memory, () -> 0);

    @Test
    void takesAStreamAndLeavesItToTheTunnelToAnnounceIt() throws ProtocolException {
        FakeEndpoint user = add(0x1a);

        assertThat(peer.asked()).isEmpty();
        assertThat(session.live()).isEqualTo(1);
        assertThat(user.stream().identity()).isEqualTo(0x1a);
        assertThat(user.stream().state).isEqualTo(StreamState.OPEN);
        assertThat(user.stream()).hasToString("00000000001a");
    }

    @Test
    void hasNothingToSayWhenTheSocketOfAStreamIsConnected() throws ProtocolException {
        FakeEndpoint target = add(0x1a);

        session.connected(target.stream());

        assertThat(peer.asked()).isEmpty();
        assertThat(session.live()).isEqualTo(1);
    }

    @Test
    void givesAStreamAllTheRoomToSendThereIs() throws ProtocolException {
        FakeEndpoint user = add(1);

        session.sent(user.stream(), Integer.MAX_VALUE);
        session.sent(user.stream(), Integer.MAX_VALUE);

        assertThat(session.sendRoom(user.stream())).isEqualTo(Long.MAX_VALUE);
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void deliversDataToItsStreamAlone() throws ProtocolException {
        FakeEndpoint first = add(1);
        FakeEndpoint second = add(2);
        first.take(100);
        second.take(100);

        session.data(2, bytes(7));

        assertThat(first.taken()).isZero();
        assertThat(second.taken()).isEqualTo(7);
        assertThat(session.waiting()).isZero();
    }

    @Test
    void skipsDataOfAnUnknownStream() throws ProtocolException {
        FakeEndpoint known = add(1);
        peer.asked();
        ByteBuffer data = bytes(7);

        session.data(2, data);

        assertThat(known.taken() + known.queued()).isZero();
        assertThat(session.waiting()).isZero();
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void skipsTheEndOfAnUnknownStream() throws ProtocolException {
        FakeEndpoint known = add(1);
        peer.asked();

        session.closeConnection(2);

        assertThat(known.hasEnded()).isFalse();
        assertThat(session.live()).isEqualTo(1);
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    void refusesASecondStreamOfTheSameIdentity() throws ProtocolException {
        FakeEndpoint first = add(0xabc);

        assertThatThrownBy(() -> add(0xabc))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("000000000abc");

        assertThat(session.live()).isEqualTo(1);
        session.data(0xabc, bytes(5));
        assertThat(first.queued()).isEqualTo(5);
    }

    @Test
    void takesAnIdentityAgainThatThePeerHasEnded() throws ProtocolException {
        FakeEndpoint first = add(1);
        session.data(1, bytes(5));
        session.closeConnection(1);

        FakeEndpoint second = add(1);
        session.data(1, bytes(7));

        assertThat(first.queued()).isEqualTo(5);
        assertThat(second.queued()).isEqualTo(7);
        assertThat(session.waiting()).isEqualTo(12);
        assertThat(session.live()).isEqualTo(2);
        first.take(5);
        assertThat(session.live()).isEqualTo(1);
        session.closeConnection(1);
        assertThat(second.isFinishing()).isTrue();
    }

    @Test
    void countsStreamsThatAreFinishingWithinTheLimit() throws ProtocolException {
        FakeEndpoint finishing = add(1);
        session.data(1, bytes(5));
        session.closeConnection(1);
        add(2);
        assertThat(session.hasRoom()).isTrue();
        add(3);

        assertThat(session.hasRoom()).isFalse();
        assertThatThrownBy(() -> add(4)).isInstanceOf(IllegalStateException.class);
        assertThat(peer.asked()).isEmpty();
        assertThat(session.live()).isEqualTo(3);

        finishing.take(5);
        assertThat(session.hasRoom()).isTrue();
        add(4);
        assertThat(session.live()).isEqualTo(3);
    }

    private FakeEndpoint add(long identity) throws ProtocolException {
        FakeEndpoint endpoint = new FakeEndpoint(session);
        return endpoint.of(session.add(identity, endpoint));
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length);
    }
}
