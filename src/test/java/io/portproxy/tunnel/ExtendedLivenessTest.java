package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Encryption;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Relay;
import io.portproxy.testing.Repeatedly;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that both sides notice that a tunnel is gone when no FIN or RST reports it. */
@ParameterizedClass
@EnumSource
class ExtendedLivenessTest {
    private static final byte[] HEARTBEAT = {0, 2};

    private final Encryption encryption;

    ExtendedLivenessTest(Encryption encryption) {
        this.encryption = encryption;
    }

    /** Returns settings with a heartbeat every 20 ms and an idle timeout of one second. */
    private static TunnelSettings hasty() {
        return TestSettings.tunnel()
                .withHeartbeatInterval(Duration.ofMillis(20))
                .withIdleTimeout(Duration.ofSeconds(1));
    }

    private ServerUnderTest server(TunnelSettings tunnel, int targetPort) throws Exception {
        return new ServerUnderTest(encryption.of(
                TestSettings.server(ExtendedSettings.remote("r", targetPort)).withTunnel(tunnel)));
    }

    private TestRemote greeted(ServerUnderTest server) throws Exception {
        return TestRemote.greeted(encryption.connect(server.tunnelAddress()), 1, 0, "r", ExtendedSettings.TOKEN);
    }

    @Test
    void aTunnelWhosePacketsVanishIsGivenUpByBothSidesAndTheRemoteComesBack() throws Exception {
        try (LogRecorder log = new LogRecorder();
                RawTarget target = RawTarget.open();
                ServerUnderTest server = server(hasty(), target.port());
                Relay relay = new Relay(server.tunnelAddress());
                ClientUnderTest client = new ClientUnderTest(encryption.of(
                        ExtendedSettings.client("r", relay.address()).withTunnel(hasty())))) {
            client.awaitConnected(server);
            try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                PlainSocket served = target.accept();
                user.send(Bytes.of("one"));
                served.awaitReceived(3);
                relay.freeze();
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                assertThat(served.awaitEnd()).isEqualTo(End.RESET);
            }
            await().until(() -> relay.tunnels() == 2 && client.connected());
            await().until(() -> !log.linesWith("it has been silent for").isEmpty());
            try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                target.accept().send(Bytes.of("two"));
                user.awaitReceived(3);
            }
        }
    }

    @Test
    void anIdleTunnelThatIsAnsweredStaysUpAndIsPingedFromBothSides() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = server(hasty(), 7);
                Relay relay = new Relay(server.tunnelAddress());
                ClientUnderTest client = new ClientUnderTest(encryption.of(
                        ExtendedSettings.client("r", relay.address()).withTunnel(hasty())))) {
            client.awaitConnected(server);
            long start = relay.carried(0);
            // Both sides send and answer a ping every 20 ms: four instructions of 14 bytes. That much takes longer than
            // the idle timeout.
            await().until(() -> relay.carried(0) - start > 100 * 4 * 14);
            assertThat(relay.tunnels()).isEqualTo(1);
            assertThat(log.linesWith("is disconnected")).isEmpty();
        }
    }

    @Test
    void aServerGivesASilentRemoteUp() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = server(hasty(), 7);
                TestRemote silent = greeted(server);
                PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            silent.peer().nextOf(0x001A);
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            silent.peer().socket().awaitEnd();
            await().until(() -> !log.linesWith("idle timeout").isEmpty());
        }
    }

    @Test
    void aRemoteGivesASilentServerUpAndDialsAgain() throws Exception {
        try (LogRecorder log = new LogRecorder();
                TestServer silent = new TestServer(encryption);
                ClientUnderTest client = new ClientUnderTest(encryption.of(
                        ExtendedSettings.client("r", silent.address()).withTunnel(hasty())))) {
            TestPeer peer = silent.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
            peer.nextOf(0x001A);
            peer.socket().awaitEnd();
            silent.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
            await().until(client::connected);
            await().until(() -> !log.linesWith("it has been silent for").isEmpty());
        }
    }

    /** The server receives its heartbeats all the time. */
    @Test
    void aServerGivesARemoteUpThatSendsAndAnswersNoPing() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = server(hasty(), 7);
                TestRemote mute = greeted(server);
                Repeatedly beats = new Repeatedly(20, () -> mute.peer().send(HEARTBEAT));
                PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            mute.peer().socket().awaitEnd();
            await().until(() -> !log.linesWith("it has answered no Ping for").isEmpty());
            assertThat(beats.times()).isGreaterThan(10);
        }
    }

    /** The data in flight is small enough that nothing waits in the server, where a lack of progress would show. */
    @Test
    void aServerGivesARemoteUpThatSendsAndReadsNothing() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = server(hasty(), 7);
                TestRemote deaf = greeted(server);
                Repeatedly beats = new Repeatedly(20, () -> deaf.peer().send(HEARTBEAT));
                PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            deaf.peer().nextOf(0x0015);
            deaf.peer().socket().pauseReading(true);
            user.send(new byte[100_000]);
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            await().until(() -> !log.linesWith("it has answered no Ping for").isEmpty());
            assertThat(beats.times()).isGreaterThan(10);
        }
    }

    @Test
    void aRemoteGivesAServerUpThatSendsAndAnswersNoPing() throws Exception {
        try (LogRecorder log = new LogRecorder();
                TestServer mute = new TestServer(encryption);
                ClientUnderTest client = new ClientUnderTest(encryption.of(
                        ExtendedSettings.client("r", mute.address()).withTunnel(hasty())))) {
            TestPeer peer = mute.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
            try (Repeatedly pings = new Repeatedly(20, () -> peer.send(Instruction.ping(1)))) {
                peer.socket().awaitEnd();
                assertThat(pings.times()).isGreaterThan(10);
            }
            mute.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
            await().until(() -> !log.linesWith("it has answered no Ping for").isEmpty());
            await().until(client::connected);
        }
    }

    @Test
    void aPingIsAnsweredWithItsOwnBytes() throws Exception {
        try (ServerUnderTest server = server(TestSettings.tunnel(), 7);
                TestRemote remote = greeted(server)) {
            for (long opaque : new long[] {0, -1, 0x0123_4567_89ab_cdefL}) {
                remote.peer().send(Instruction.ping(opaque));
                assertThat(remote.peer().nextOf(0x001B)).isEqualTo(Instruction.pong(opaque));
            }
        }
    }
}
