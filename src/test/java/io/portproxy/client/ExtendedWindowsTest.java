package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the remote's windows in both directions. The test plays the proxy server. */
class ExtendedWindowsTest {
    private static final int PEER_WINDOW = 10_000;
    private static final int MAX = 16 << 20;
    private static final long STREAM = 42;

    private RawTarget target;
    private TestServer server;
    private ClientUnderTest client;
    private TestPeer peer;
    private PlainSocket served;

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
        server = new TestServer(Dialect.EXTENDED);
        client = new ClientUnderTest(ExtendedSettings.client("r", server.address()));
        peer = server.acceptGreeted(ExtendedSettings.TOKEN, PEER_WINDOW);
        peer.send(Instruction.open(STREAM, target.port()));
        peer.next(0x0016);
        served = target.accept();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        target.close();
    }

    @Test
    void aTargetsBytesStopAtTheWindowAndGoOnWhenItGrows() throws Exception {
        byte[] all = Bytes.random(1, 5 * PEER_WINDOW);
        served.send(all);
        served.finish();
        assertThat(peer.nextData(STREAM, PEER_WINDOW)).isEqualTo(Arrays.copyOf(all, PEER_WINDOW));
        assertNothingMoreComes();
        peer.send(Instruction.window(STREAM, PEER_WINDOW, 1));
        assertThat(peer.nextData(STREAM, 1)).isEqualTo(new byte[] {all[PEER_WINDOW]});
        assertNothingMoreComes();
        peer.send(Instruction.window(STREAM, 0, PEER_WINDOW)); // an old Window changes nothing
        assertNothingMoreComes();
        peer.send(Instruction.window(STREAM, PEER_WINDOW + 1, 4 * PEER_WINDOW));
        assertThat(peer.nextData(STREAM, 4 * PEER_WINDOW - 1))
                .isEqualTo(Arrays.copyOfRange(all, PEER_WINDOW + 1, all.length));
        assertThat(peer.next()).isEqualTo(Instruction.end(STREAM));
    }

    /** Sends Pings and checks that no data comes before the Pongs. */
    private void assertNothingMoreComes() throws Exception {
        for (int i = 0; i < 3; i++) {
            peer.send(Instruction.ping(1000 + i));
            Instruction next = peer.nextAny();
            while (!next.equals(Instruction.pong(1000 + i))) {
                assertThat(next.code()).isNotEqualTo(0x0003);
                next = peer.nextAny();
            }
        }
    }

    @Test
    void theWindowOfATargetThatKeepsUpGrowsToItsMaximumAndNoFurther() throws Exception {
        long sent = 0;
        long limit = PEER_WINDOW; // the server's window applies to both directions
        long window = PEER_WINDOW;
        int atMost = 0;
        while (atMost < 3) {
            byte[] piece = Bytes.random(2, (int) Math.min(window * 2 / 5, 60_000));
            peer.send(Instruction.data(STREAM, piece));
            sent += piece.length;
            served.awaitReceived((int) sent); // the target keeps up: it has read all bytes before the next piece
            peer.send(Instruction.ping(sent));
            for (Instruction next = peer.nextAny(); !next.equals(Instruction.pong(sent)); next = peer.nextAny()) {
                if (next.code() == 0x0019) {
                    assertThat(next.int64(6)).as("delivered").isEqualTo(sent);
                    assertThat(next.int32(14)).as("window").isEqualTo(Math.min(2 * window, MAX));
                    window = next.int32(14);
                    atMost += window == MAX ? 1 : 0;
                    limit = sent + window;
                }
            }
            assertThat(sent).as("room for another piece").isLessThan(limit);
        }
        assertThat(window).isEqualTo(MAX);
    }

    @Test
    void dataBeyondTheWindowEndsTheTunnelAndResetsItsStreams() throws Exception {
        try (LogRecorder log = new LogRecorder()) {
            served.pauseReading(true);
            byte[] piece = Bytes.random(3, 1 << 20);
            try {
                for (int i = 0; i < 64; i++) {
                    peer.send(Instruction.data(STREAM, piece)); // without regard to any Window
                }
            } catch (java.io.IOException e) {
                assertThat(e).isNotNull(); // the remote has already closed the tunnel
            }
            peer.socket().awaitEnd();
            served.pauseReading(false);
            assertThat(served.awaitEnd()).isEqualTo(End.RESET);
            await().until(() -> !log.linesWith("beyond its window").isEmpty());
        }
        server.acceptGreeted(ExtendedSettings.TOKEN, PEER_WINDOW);
        await().until(client::connected);
    }

    @Test
    void aWindowForBytesThatWereNotSentEndsTheTunnel() throws Exception {
        peer.send(Instruction.window(STREAM, 1, 10));
        peer.socket().awaitEnd();
        assertThat(served.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void dataBehindAnEndEndsTheTunnel() throws Exception {
        peer.send(Instruction.end(STREAM), Instruction.data(STREAM, Bytes.of("late")));
        peer.socket().awaitEnd();
        served.awaitEnd();
        assertThat(served.size()).isZero();
    }

    @Test
    void whatConcernsAnUnknownStreamIsSkipped() throws Exception {
        peer.send(
                Instruction.data(7, Bytes.of("x")),
                Instruction.window(7, 5, 5),
                Instruction.end(7),
                Instruction.reset(7, 4),
                Instruction.data(STREAM, Bytes.of("known")));
        assertThat(served.awaitReceived(5)).isEqualTo(Bytes.of("known"));
    }

    @Test
    void aResetOfThePeerIsARstForTheTarget() throws Exception {
        peer.send(Instruction.data(STREAM, Bytes.of("half")), Instruction.reset(STREAM, 4));
        assertThat(served.awaitEnd()).isEqualTo(End.RESET);
        assertThat(client.connected()).isTrue();
    }

    @Test
    void anEndOfThePeerIsAFinForTheTargetWhichCanStillAnswer() throws Exception {
        peer.send(Instruction.data(STREAM, Bytes.of("ask")), Instruction.end(STREAM));
        assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(served.received()).isEqualTo(Bytes.of("ask"));
        served.send(Bytes.of("answer"));
        assertThat(peer.nextData(STREAM, 6)).isEqualTo(Bytes.of("answer"));
        served.finish();
        assertThat(peer.next()).isEqualTo(Instruction.end(STREAM));
    }
}
