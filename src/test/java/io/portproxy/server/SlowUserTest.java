package io.portproxy.server;

import static io.portproxy.testing.Instruction.closeConnection;
import static io.portproxy.testing.Instruction.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Flood;
import io.portproxy.testing.Heartbeats;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Standstill;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.TunnelSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests users who do not read: memory stays bounded, and other users are not disturbed. */
class SlowUserTest {
    private static final int STREAM_BUFFER = 64 * 1024;
    private static final int ONE_READ = 256 * 1024;
    private static final int CHUNK = 16 * 1024;

    private static TunnelSettings limits(Duration idleTimeout, Duration stallTimeout) {
        return TestSettings.tunnel(
                        TestSettings.LIMITS.withStreamBuffer(STREAM_BUFFER).withStallTimeout(stallTimeout))
                .withIdleTimeout(idleTimeout);
    }

    private static ServerUnderTest server(TunnelSettings limits) throws Exception {
        return new ServerUnderTest(
                TestSettings.server(TestSettings.remote("r", 5678), TestSettings.remote("silent", 5678))
                        .withTunnel(limits));
    }

    @Test
    void theTunnelIsNotReadWhileTooMuchWaitsForAUser() throws Exception {
        try (ServerUnderTest server = server(limits(Duration.ofSeconds(30), Duration.ofSeconds(60)));
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened other = remote.open(server.exposed(0));
            Opened slow = remote.openSlowReader(server.exposed(0));
            Flood flood = new Flood(remote.peer(), slow.identity());
            Standstill.await(flood::sent);
            assertThat(flood.sent()).isLessThan(flood.total());
            assertThat(server.buffersInUse()).isBetween(1, (STREAM_BUFFER + ONE_READ) / CHUNK + 2);

            // The bytes of users still go to the remote.
            other.user().send((byte) 3);
            assertThat(remote.peer().next()).isEqualTo(data(other.identity(), (byte) 3));

            flood.stop();
            slow.user().startReading();
            byte[] sent = flood.awaitData();
            remote.peer().send(closeConnection(slow.identity()));
            assertThat(slow.user().awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(slow.user().received()).isEqualTo(sent);
            slow.user().close();
            other.user().close();
        }
    }

    @Test
    void aUserWhoStallsIsDroppedAndTheOthersGoOn() throws Exception {
        try (ServerUnderTest server = server(limits(Duration.ofSeconds(30), Duration.ofMillis(300)));
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened other = remote.open(server.exposed(0));
            Opened slow = remote.openSlowReader(server.exposed(0));
            Flood flood = new Flood(remote.peer(), slow.identity());
            assertThat(remote.peer().next()).isEqualTo(closeConnection(slow.identity()));
            flood.stop();
            flood.awaitData();

            remote.peer().send(data(other.identity(), (byte) 4));
            assertThat(other.user().awaitReceived(1)).containsExactly(4);
            slow.user().startReading();
            assertThat(slow.user().awaitEnd()).isEqualTo(End.RESET);
            other.user().send((byte) 5);
            assertThat(remote.peer().next()).isEqualTo(data(other.identity(), (byte) 5));
            other.user().close();
        }
    }

    @Test
    void aUserWhoStallsBehindTheRemotesCloseIsDroppedWithoutAWord() throws Exception {
        TunnelSettings roomy = TestSettings.tunnel(
                TestSettings.LIMITS.withStreamBuffer(32 << 20).withStallTimeout(Duration.ofMillis(300)));
        try (ServerUnderTest server = server(roomy);
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened other = remote.open(server.exposed(0));
            Opened slow = remote.openSlowReader(server.exposed(0));
            byte[] more = new byte[60_000];
            for (int i = 0; i < 200; i++) { // more than the operating system buffers for a user who does not read
                remote.peer().send(data(slow.identity(), more));
            }
            remote.peer().send(closeConnection(slow.identity()), data(other.identity(), (byte) 6));
            assertThat(other.user().awaitReceived(1)).containsExactly(6);
            assertThat(server.buffersInUse()).isPositive();
            await().until(() -> server.buffersInUse() == 0);
            slow.user().startReading();
            assertThat(slow.user().awaitEnd()).isEqualTo(End.RESET);

            other.user().send((byte) 7);
            assertThat(remote.peer().next()).isEqualTo(data(other.identity(), (byte) 7)); // nothing was sent before
            other.user().close();
        }
    }

    @Test
    void aTunnelThatIsNotReadIsNotTakenForSilent() throws Exception {
        try (ServerUnderTest server = server(limits(Duration.ofSeconds(1), Duration.ofSeconds(60)));
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r");
                Heartbeats beats = new Heartbeats(remote)) {
            remote.open(server.exposed(0)).user().close();
            assertThat(remote.peer().next().code()).isEqualTo(0x0004);
            Opened slow = remote.openSlowReader(server.exposed(0));
            Flood flood = new Flood(remote.peer(), slow.identity());
            Standstill.await(flood::sent);
            try (TestRemote silent = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "silent")) {
                silent.peer().socket().awaitEnd(); // an idle timeout has passed
            }

            flood.stop();
            slow.user().startReading();
            byte[] sent = flood.awaitData();
            assertThat(slow.user().awaitReceived(sent.length)).isEqualTo(sent);
            assertThat(beats.sent()).isPositive();
            slow.user().close();
        }
    }
}
