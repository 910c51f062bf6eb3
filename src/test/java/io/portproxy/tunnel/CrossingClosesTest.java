package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.OlderRemote;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.SlowPath;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests both ends of a classic stream that close at about the same time. The older program's remote must not notice it. */
class CrossingClosesTest {
    private static final Duration ONE_WAY = Duration.ofMillis(10);
    private static final byte[] ANSWER = Bytes.of("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");

    @Test
    void aUserWhoClosesJustBeforeTheTargetDoesNotCostAnOlderRemoteItsTunnel() throws Exception {
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 1)));
                SlowPath path = new SlowPath(server.tunnelAddress(), ONE_WAY);
                OlderRemote remote = new OlderRemote(path.address(), "r", target.address())) {
            await().until(() -> server.role().remotes().get(0).tunnels().size() == 1);
            for (int i = 0; i < 60; i++) {
                PlainSocket user = PlainSocket.connect(server.exposed(0));
                PlainSocket served = target.accept();
                user.send(Bytes.of("GET / HTTP/1.0\r\nConnection: close\r\n\r\n"));
                served.awaitReceived(10);
                served.send(ANSWER);
                user.awaitReceived(ANSWER.length);
                user.close(); // the user has the whole answer
                served.close();
                assertThat(remote.lost()).as("after request %d", i).isEmpty();
            }
            await().until(() -> remote.streams() == 0);
            assertThat(remote.lost()).isEmpty();
        }
    }

    @Test
    void aUsersEndIsToldThoughTheTargetStays() throws Exception {
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 1)));
                OlderRemote remote = new OlderRemote(server.tunnelAddress(), "r", target.address())) {
            await().until(() -> server.role().remotes().get(0).tunnels().size() == 1);
            PlainSocket user = PlainSocket.connect(server.exposed(0));
            PlainSocket served = target.accept();
            user.close();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(remote.lost()).isEmpty();
        }
    }

    @Test
    void aCloseOfTheRemoteTakesOursBack() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 1)));
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened first = remote.open(server.exposed(0));
            first.user().finish();
            first.user().awaitEnd(); // the server has seen the FIN
            remote.peer().send(Instruction.closeConnection(first.identity()));
            Opened second = remote.open(server.exposed(0));
            second.user().close();
            assertThat(remote.peer().next()).isEqualTo(Instruction.closeConnection(second.identity()));
        }
    }

    /** The remote counts the stream until it receives the close. A new stream beyond the limit must not come before that. */
    @Test
    void atTheLimitOfStreamsTheOldestCloseGoesAheadOfANewStream() throws Exception {
        TunnelSettings two = TestSettings.tunnel(TestSettings.LIMITS.withMaxStreams(2));
        try (ServerUnderTest server = new ServerUnderTest(
                        TestSettings.server(TestSettings.remote("r", 1)).withTunnel(two));
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            remote.open(server.exposed(0));
            Opened leaving = remote.open(server.exposed(0));
            for (int i = 0; i < 20; i++) {
                leaving.user().reset();
                await().until(() -> streams(server) == 1);
                PlainSocket next = PlainSocket.connect(server.exposed(0));
                assertThat(remote.peer().next()).isEqualTo(Instruction.closeConnection(leaving.identity()));
                leaving = new Opened(next, remote.peer().next().identity());
            }
        }
    }

    private static int streams(ServerUnderTest server) {
        return server.role().remotes().get(0).tunnels().get(0).handle().view().streams();
    }

    @Test
    void aDrainedTunnelTellsWhatItHasHeldBackBeforeItEnds() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 1)));
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened stream = remote.open(server.exposed(0));
            stream.user().finish();
            stream.user().awaitEnd();
            CompletableFuture<Void> stopped = server.stop(Duration.ofSeconds(20));
            assertThat(remote.peer().next()).isEqualTo(Instruction.closeConnection(stream.identity()));
            assertThat(remote.peer().socket().awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
