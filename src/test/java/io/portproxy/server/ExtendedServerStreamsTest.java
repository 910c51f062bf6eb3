package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a user's stream from the view of the remote, whose part the test plays. */
class ExtendedServerStreamsTest {
    private static final int WINDOW = 256 * 1024;
    private static final int MAX_WINDOW = 16 << 20;
    private static final int MORE = 60_000; // fits into the buffers of a socket

    private ServerUnderTest server;
    private TestRemote remote;
    private TestPeer peer;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(
                ExtendedSettings.remote("r", 4711), ExtendedSettings.remoteTo("to", "db.example", 5432)));
        remote = TestRemote.greeted(server.tunnelAddress(), "r", ExtendedSettings.TOKEN);
        peer = remote.peer();
    }

    @AfterEach
    void stop() throws IOException {
        remote.close();
        server.close();
    }

    private PlainSocket user() throws IOException {
        return PlainSocket.connect(server.exposed(0));
    }

    private long opened() throws Exception {
        return peer.nextOf(0x0015).identity();
    }

    private static Map<Integer, String> fields(Instruction open) {
        Map<Integer, String> fields = new TreeMap<>();
        ByteBuffer in = ByteBuffer.wrap(open.body()).position(8);
        while (in.hasRemaining()) {
            int type = in.getShort();
            byte[] value = new byte[in.getShort()];
            in.get(value);
            fields.put(type, new String(value, StandardCharsets.UTF_8));
        }
        return fields;
    }

    @Test
    void openCarriesTheUsersAddressAndTheExposedOne() throws Exception {
        try (PlainSocket user = user()) {
            Instruction open = peer.next(0x0015);
            assertThat(open.int16(6)).isEqualTo(4711);
            assertThat(fields(open))
                    .containsExactly(
                            Map.entry(2, "127.0.0.1:" + user.localPort()),
                            Map.entry(3, "127.0.0.1:" + server.exposed(0).getPort()),
                            Map.entry(4, "tcp"));
        }
    }

    @Test
    void openCarriesTheTargetsHostWhereThereIsOne() throws Exception {
        try (TestRemote other = TestRemote.greeted(server.tunnelAddress(), "to", ExtendedSettings.TOKEN);
                PlainSocket user = PlainSocket.connect(server.exposed(1))) {
            Instruction open = other.peer().next(0x0015);
            assertThat(open.int16(6)).isEqualTo(5432);
            assertThat(fields(open)).containsEntry(1, "db.example").containsEntry(2, "127.0.0.1:" + user.localPort());
        }
    }

    @Test
    void aUsersEndIsEndAndTheAnswerStillComes() throws Exception {
        try (PlainSocket user = user()) {
            long stream = opened();
            user.send(Bytes.of("ask"));
            user.finish();
            assertThat(peer.nextData(stream, 3)).isEqualTo(Bytes.of("ask"));
            assertThat(peer.next()).isEqualTo(Instruction.end(stream));
            assertThat(user.end()).isEmpty();
            peer.send(Instruction.data(stream, Bytes.of("answer")), Instruction.end(stream));
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(Bytes.of("answer"));
        }
    }

    @Test
    void bulkComesInLongFrames() throws Exception {
        byte[] bytes = Bytes.random(1, 8 << 20);
        try (PlainSocket user = user()) {
            long stream = opened();
            peer.send(Instruction.window(stream, 0, 1 << 29));
            FutureTask<Void> sending = new FutureTask<>(() -> {
                user.send(bytes);
                return null;
            });
            new Thread(sending).start();
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            int longest = 0;
            while (received.size() < bytes.length) {
                Instruction next = peer.nextAny();
                if (next.code() == 0x001A) {
                    peer.send(Instruction.of(0x001B, next.body())); // else the server would stop after 1 MiB
                } else {
                    longest = Math.max(longest, next.data().length);
                    received.writeBytes(next.data());
                }
            }
            sending.get();
            assertThat(received.toByteArray()).isEqualTo(bytes);
            assertThat(longest).isBetween(64 * 1024 + 1, 256 * 1024);
        }
    }

    @Test
    void aResetOfAnyReasonIsARstForTheUser() throws Exception {
        for (int reason : new int[] {0, 1, 5, 9, 15, 999}) {
            try (PlainSocket user = user()) {
                peer.send(Instruction.reset(opened(), reason));
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
        }
    }

    @Test
    void anUploadStopsAtTheWindowAndGoesOnWhenItGrows() throws Exception {
        byte[] all = Bytes.random(1, WINDOW + MORE);
        try (PlainSocket user = user()) {
            long stream = opened();
            user.send(all);
            user.finish();
            byte[] first = peer.nextData(stream, WINDOW);
            assertThat(first).isEqualTo(Arrays.copyOf(all, WINDOW));
            peer.send(Instruction.ping(1));
            for (Instruction next = peer.nextAny(); !next.equals(Instruction.pong(1)); next = peer.nextAny()) {
                assertThat(next.code()).isNotEqualTo(0x0003);
            }
            peer.send(Instruction.window(stream, WINDOW, WINDOW));
            assertThat(peer.nextData(stream, MORE)).isEqualTo(Arrays.copyOfRange(all, WINDOW, all.length));
            assertThat(peer.next()).isEqualTo(Instruction.end(stream));
        }
    }

    @Test
    void theWindowForAUserWhoKeepsUpGrowsToItsMaximum() throws Exception {
        byte[] piece = Bytes.random(2, 60_000);
        try (PlainSocket user = user()) {
            long stream = opened();
            long sent = 0;
            long window = WINDOW;
            while (window < MAX_WINDOW) {
                peer.send(Instruction.data(stream, piece), Instruction.ping(sent));
                long mark = sent;
                sent += piece.length;
                user.awaitReceived((int) sent);
                for (Instruction next = peer.nextAny(); !next.equals(Instruction.pong(mark)); next = peer.nextAny()) {
                    if (next.code() == 0x0019) {
                        assertThat(next.int32(14)).isEqualTo(2 * window);
                        window = next.int32(14);
                    }
                }
                assertThat(sent).isLessThan(4L * MAX_WINDOW);
            }
        }
    }

    @Test
    void aStalledUserIsGivenNoMoreThanItsWindowBeyondWhatItsSocketTakes() throws Exception {
        try (PlainSocket stalled = PlainSocket.connectSlowReader(server.exposed(0));
                LogRecorder log = new LogRecorder()) {
            long stream = opened();
            long limit = WINDOW;
            long sent = 0;
            long delivered = 0;
            long window = WINDOW;
            byte[] piece = Bytes.random(3, 4096);
            boolean moving = true;
            while (moving) {
                while (sent + piece.length <= limit) {
                    peer.send(Instruction.data(stream, piece));
                    sent += piece.length;
                }
                peer.send(Instruction.ping(sent));
                moving = false;
                for (Instruction next = peer.nextAny(); !next.equals(Instruction.pong(sent)); next = peer.nextAny()) {
                    if (next.code() == 0x0019) {
                        delivered = next.int64(6);
                        window = next.int32(14);
                        limit = delivered + window;
                        moving = true;
                    }
                }
            }
            assertThat(window).as("window").isLessThanOrEqualTo(MAX_WINDOW);
            assertThat(sent).isLessThanOrEqualTo(delivered + window);
            try (PlainSocket busy = user()) {
                long other = opened();
                peer.send(Instruction.data(other, Bytes.of("not held up")));
                assertThat(busy.awaitReceived(11)).isEqualTo(Bytes.of("not held up"));
            }
            assertThat(log.linesWith("stalled")).isEmpty();
            peer.send(Instruction.end(stream));
            stalled.startReading();
            assertThat(stalled.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat((long) stalled.size()).isEqualTo(sent);
        }
    }

    @Test
    void aRemoteMayNotOpenStreams() throws Exception {
        try (PlainSocket user = user()) {
            opened();
            peer.send(Instruction.open(99, 22));
            peer.socket().awaitEnd();
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void aServerThatStopsSaysSoAndWaitsForItsStreams() throws Exception {
        try (PlainSocket user = user()) {
            long stream = opened();
            var stopped = server.stop(Duration.ofSeconds(60));
            assertThat(peer.nextOf(0x001C).int16(0)).as("going away").isEqualTo(12);
            peer.send(Instruction.data(stream, Bytes.of("last")), Instruction.end(stream));
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(stopped).isNotDone();
            user.finish();
            await().until(stopped::isDone);
            assertThat(peer.socket().awaitEnd()).isEqualTo(End.CLEAN);
        }
    }

    /** Opened only tells that the target is up. A remote may send it late. */
    @Test
    void whatComesAheadOfOpenedIsTaken() throws Exception {
        try (PlainSocket user = user()) {
            long stream = opened();
            user.send(Bytes.of("ask"));
            assertThat(peer.nextData(stream, 3)).isEqualTo(Bytes.of("ask"));
            peer.send(
                    Instruction.window(stream, 3, WINDOW),
                    Instruction.data(stream, Bytes.of("answer")),
                    Instruction.end(stream),
                    Instruction.of(0x0016, Arrays.copyOf(Instruction.end(stream).body(), 6)));
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(Bytes.of("answer"));
            user.finish();
            assertThat(peer.next()).isEqualTo(Instruction.end(stream));
        }
    }

    @Test
    void aWindowForMoreThanAnyStreamCarriesIsAProtocolErrorAlsoOfAnUnknownStream() throws Exception {
        try (LogRecorder log = new LogRecorder()) {
            peer.send(Instruction.window(99, -1, 0));
            peer.socket().awaitEnd();
            await().until(() -> !log.linesWith("a Window with more than 2^63-1 bytes delivered")
                    .isEmpty());
        }
    }

    @Test
    void toOpenAStreamIsNotTheRemotesToDo() throws Exception {
        try (LogRecorder log = new LogRecorder()) {
            peer.send(Instruction.open(99, 1));
            peer.socket().awaitEnd();
            await().until(() -> !log.linesWith("opening a stream, which is the proxy server's to do")
                    .isEmpty());
        }
    }
}
