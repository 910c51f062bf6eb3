package io.portproxy.client;

import static io.portproxy.testing.Instruction.closeConnection;
import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.initialConnection;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Flood;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Standstill;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that targets that do not answer or do not read do not disturb the other streams. */
class SlowTargetTest {
    private static final int STREAM_BUFFER = 64 * 1024;
    private static final Duration LONG = Duration.ofSeconds(60);

    private TestServer server;
    private RawTarget target;
    private RawTarget hanging;
    private ClientUnderTest client;
    private TestPeer peer;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(Dialect.CLASSIC);
        target = RawTarget.open();
        hanging = RawTarget.hanging();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        target.awaitNoConnection();
        target.close();
        hanging.awaitNoConnection();
        hanging.close();
        server.close();
    }

    private void startClient(Duration connectTimeout, Duration stallTimeout) throws Exception {
        client = new ClientUnderTest(TestSettings.client("r", server.address())
                .withTimes(TestSettings.TIMES.withConnectTimeout(connectTimeout))
                .withTunnel(TestSettings.tunnel(TestSettings.LIMITS
                                .withStreamBuffer(STREAM_BUFFER)
                                .withStallTimeout(stallTimeout))
                        .withIdleTimeout(LONG)));
        peer = server.acceptGreeted("r");
    }

    /** Opens a stream and waits until the client knows that its target is up. */
    private PlainSocket open(long identity) throws Exception {
        peer.send(initialConnection(identity, target.port()));
        PlainSocket accepted = target.accept();
        accepted.send((byte) 0);
        assertThat(peer.next()).isEqualTo(data(identity, (byte) 0));
        return accepted;
    }

    @Test
    void aTargetThatHangsIsGivenUpAndTheOthersGoOnMeanwhile() throws Exception {
        startClient(Duration.ofSeconds(1), LONG);
        PlainSocket other = open(1);
        peer.send(initialConnection(2, hanging.port()), data(2, Bytes.of("lost")));
        for (int i = 0; !peer.hasNext(); i++) {
            peer.send(data(1, (byte) i));
            other.awaitReceived(i + 1);
        }
        assertThat(peer.next()).isEqualTo(closeConnection(2));
        assertThat(other.size()).isPositive();
        other.send((byte) 1);
        assertThat(peer.next()).isEqualTo(data(1, (byte) 1));
    }

    @Test
    void dataBeforeTheTargetIsUpIsKeptInOrder() throws Exception {
        startClient(LONG, LONG);
        byte[] bytes = Bytes.random(1, STREAM_BUFFER);
        peer.send(initialConnection(2, hanging.port()));
        for (int from = 0; from < bytes.length; from += 4096) {
            peer.sendAndAwaitRead(
                    data(2, Arrays.copyOfRange(bytes, from, from + 4096)).bytes());
        }
        hanging.letIn();
        PlainSocket connection = hanging.accept();
        assertThat(connection.awaitReceived(bytes.length)).isEqualTo(bytes);
        connection.send((byte) 9);
        assertThat(peer.next()).isEqualTo(data(2, (byte) 9));
    }

    @Test
    void aCloseWhileTheTargetIsDialledComesAfterTheBytesBeforeIt() throws Exception {
        startClient(LONG, LONG);
        peer.send(initialConnection(2, hanging.port()), data(2, Bytes.of("all of it")));
        peer.sendAndAwaitRead(closeConnection(2).bytes());
        hanging.letIn();
        PlainSocket connection = hanging.accept();
        assertThat(connection.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(connection.received()).isEqualTo(Bytes.of("all of it"));
        connection.close();
        peer.send(initialConnection(3, 0));
        assertThat(peer.next()).isEqualTo(closeConnection(3)); // the remote did not answer the close of 2
    }

    @Test
    void aDialOfALostTunnelIsGivenUp() throws Exception {
        startClient(LONG, LONG);
        peer.send(initialConnection(2, hanging.port()));
        peer.sendAndAwaitRead(data(2, Bytes.of("cut")).bytes());
        peer.close();
        peer = server.acceptGreeted("r");
        hanging.letIn();
        peer.send(initialConnection(3, hanging.port()), data(3, Bytes.of("next")));
        PlainSocket connection = hanging.accept();
        assertThat(connection.awaitReceived(4)).isEqualTo(Bytes.of("next"));
    }

    @Test
    void theTunnelIsNotReadWhileTooMuchWaitsForATarget() throws Exception {
        startClient(LONG, LONG);
        PlainSocket other = open(1);
        PlainSocket slow = open(2);
        slow.pauseReading(true);
        Flood flood = new Flood(peer, 2);
        Standstill.await(flood::sent);
        assertThat(flood.sent()).isLessThan(flood.total());
        assertThat(client.buffersInUse()).isBetween(1, (STREAM_BUFFER + 256 * 1024) / (16 * 1024) + 2);
        other.send((byte) 3);
        assertThat(peer.next()).isEqualTo(data(1, (byte) 3));

        flood.stop();
        slow.pauseReading(false);
        byte[] sent = flood.awaitData();
        peer.send(closeConnection(2));
        assertThat(slow.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(slow.received()).isEqualTo(sent);
    }

    @Test
    void aTargetThatStallsIsDroppedAndTheOthersGoOn() throws Exception {
        startClient(LONG, Duration.ofMillis(300));
        PlainSocket other = open(1);
        PlainSocket slow = open(2);
        slow.pauseReading(true);
        Flood flood = new Flood(peer, 2);
        assertThat(peer.next()).isEqualTo(closeConnection(2));
        flood.stop();
        flood.awaitData();
        peer.send(data(1, (byte) 4));
        assertThat(other.awaitReceived(1)).containsExactly(4);
        slow.pauseReading(false);
        assertThat(slow.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void aHangingTargetThatHoldsTheTunnelUpIsDropped() throws Exception {
        startClient(LONG, Duration.ofMillis(300));
        PlainSocket other = open(1);
        peer.send(initialConnection(2, hanging.port()));
        Flood flood = new Flood(peer, 2);
        assertThat(peer.next()).isEqualTo(closeConnection(2));
        flood.stop();
        flood.awaitData();
        peer.send(data(1, (byte) 4));
        assertThat(other.awaitReceived(1)).containsExactly(4);
    }
}
