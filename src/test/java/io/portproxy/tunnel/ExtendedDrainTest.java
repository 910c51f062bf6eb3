package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests a side that stops when its streams are over, while the other side still delivers their last bytes. */
class ExtendedDrainTest {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final byte[] MUCH = Bytes.random(1, 3_000_000); // more than an unread socket buffers

    @Test
    void aSlowUserGetsAllOfAnAnswerThoughTheRemoteStops() throws Exception {
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", target.port())));
                ClientUnderTest client = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            try (PlainSocket user = PlainSocket.connectSlowReader(server.exposed(0));
                    PlainSocket answering = target.accept()) {
                user.finish();
                assertThat(answering.awaitEnd()).isEqualTo(End.CLEAN);
                answering.send(MUCH);
                answering.finish();
                assertThat(client.stop(GRACE)).succeedsWithin(GRACE);
                user.startReading();
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(user.received()).isEqualTo(MUCH);
            }
        }
    }

    @Test
    void aSlowTargetGetsAllOfAnUploadThoughTheServerStops() throws Exception {
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", target.port())));
                ClientUnderTest client = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            try (PlainSocket user = PlainSocket.connect(server.exposed(0));
                    PlainSocket slow = target.accept()) {
                slow.pauseReading(true);
                slow.finish();
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                user.send(MUCH);
                user.finish();
                assertThat(server.stop(GRACE)).succeedsWithin(GRACE);
                slow.pauseReading(false);
                assertThat(slow.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(slow.received()).isEqualTo(MUCH);
            }
        }
    }

    /** When the tunnel has gone, more bytes wait in the server than the user's socket takes. */
    @Test
    void whatWaitsInTheServerOutlivesATunnelThatTheRemoteClosedCleanly() throws Exception {
        byte[] all = Bytes.random(3, 12_000_000);
        TunnelSettings wide = TestSettings.tunnel(TestSettings.LIMITS.withInitialWindow(16 << 20));
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", target.port()))
                                .withTunnel(wide));
                ClientUnderTest client = new ClientUnderTest(
                        ExtendedSettings.client("r", server.tunnelAddress()).withTunnel(wide))) {
            client.awaitConnected(server);
            try (PlainSocket user = PlainSocket.connectSlowReader(server.exposed(0));
                    PlainSocket answering = target.accept()) {
                user.finish();
                answering.send(all);
                answering.finish();
                assertThat(client.stop(GRACE)).succeedsWithin(GRACE);
                await().until(() -> server.role().remotes().get(0).tunnels().isEmpty());
                assertThat(server.buffersInUse())
                        .as("buffers that wait for the user")
                        .isPositive();
                user.startReading();
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(user.received()).isEqualTo(all);
            }
        }
    }

    @Test
    void aReaderMayPauseThoughItsStreamHasEnded() throws Exception {
        TunnelSettings impatient = TestSettings.tunnel(TestSettings.LIMITS.withStallTimeout(Duration.ofMillis(20)));
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", target.port()))
                                .withTunnel(impatient));
                ClientUnderTest client = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            try (PlainSocket user = PlainSocket.connectSlowReader(server.exposed(0));
                    PlainSocket answering = target.accept()) {
                user.finish();
                answering.send(MUCH);
                answering.finish();
                assertThat(answering.awaitEnd()).isEqualTo(End.CLEAN);
                await().during(Duration.ofMillis(20 * 6 * 3))
                        .until(() -> user.end().isEmpty());
                user.startReading();
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(user.received()).isEqualTo(MUCH);
            }
        }
    }
}
