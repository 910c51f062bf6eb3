package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.server.exposed.PortView;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.tunnel.telemetry.StreamView.Side;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how fast streams open and answer, how opens end, and what delays streams. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED"})
class StreamDelaysTest {
    private static final int REFUSING = 1;
    private static final int MUCH = 40_000_000;

    private final Speech speech;
    private RawTarget target;
    private ServerUnderTest server;
    private ClientUnderTest client;

    StreamDelaysTest(Speech speech) {
        this.speech = speech;
    }

    /**
     * Returns whether the dialect is extended. The classic dialect has no half-close and no windows, and does not tell a peer why a
     * stream has ended.
     */
    private boolean isExtended() {
        return speech.dialect() == Dialect.EXTENDED;
    }

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
        server = new ServerUnderTest(TestSettings.server(speech.remote("r", target.port(), RawTarget.refusingPort())));
        client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        client.awaitConnected(server);
        await().until(() -> !server.role().remotes().get(0).tunnels().isEmpty());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        target.close();
    }

    private PlainSocket user(int index) throws IOException {
        return PlainSocket.connect(server.exposed(index));
    }

    private StreamDelays atPort(int index) {
        PortView port = server.role().remotes().get(0).ports().get(index);
        return port.delays();
    }

    private StreamDelays atClient() {
        return client.role().view().delays();
    }

    private static StreamView only(List<TunnelHandle> tunnels) throws Exception {
        List<StreamView> streams = tunnels.get(0).streams().get(20, TimeUnit.SECONDS);
        assertThat(streams).hasSize(1);
        return streams.get(0);
    }

    private static Side stalledOn(List<TunnelHandle> tunnels) throws Exception {
        return only(tunnels).flow().stall().map(StreamView.Stall::side).orElse(null);
    }

    private List<TunnelHandle> serverTunnels() {
        return server.role().tunnels().get("r");
    }

    private List<TunnelHandle> clientTunnels() {
        return client.role().view().tunnels();
    }

    private static void sendMoreThanTheKernelKeeps(PlainSocket socket) {
        Thread sender = new Thread(
                () -> {
                    try {
                        socket.send(new byte[MUCH]);
                    } catch (IOException e) {
                        // The test is over.
                    }
                },
                "sender of a test");
        sender.setDaemon(true);
        sender.start();
    }

    @Test
    void anOpenIsTimedBeforeAnyByteAndTheFirstByteOnItsOwn() throws Exception {
        try (PlainSocket user = user(0);
                PlainSocket serving = target.accept()) {
            await().until(() -> atClient().openTimes().count() == 1);
            if (isExtended()) { // in the classic dialect, only the first byte shows that the target is there
                await().until(() -> atPort(0).openTimes().count() == 1);
            }
            assertThat(atPort(0).firstByteTimes().count()).isZero();
            // A user's own bytes do not count as an answer.
            user.send((byte) 1);
            serving.awaitReceived(1);
            assertThat(atClient().firstByteTimes().count()).isZero();

            serving.send(new byte[] {1, 2});
            user.awaitReceived(2);
            serving.send(new byte[100_000]);
            user.awaitReceived(100_002);

            assertThat(atPort(0).firstByteTimes().count()).isEqualTo(1);
            assertThat(atClient().firstByteTimes().count()).isEqualTo(1);
            assertThat(atPort(0).openTimes().count()).isEqualTo(1);
            assertThat(atPort(0).firstByteTimes().sumNanos())
                    .isGreaterThanOrEqualTo(atPort(0).openTimes().sumNanos());
            assertThat(atPort(0).openTimes().sumNanos())
                    .as("the client's dial is a part of it")
                    .isGreaterThan(atClient().openTimes().sumNanos());
        }
        assertThat(atPort(0).opens()).isEqualTo(Map.of("success", 1L));
        assertThat(atPort(REFUSING).opens()).isEmpty();
    }

    @Test
    void anOpenThatFailsCountsByItsReason() throws Exception {
        try (PlainSocket refused = user(REFUSING)) {
            assertThat(refused.awaitEnd()).isEqualTo(isExtended() ? End.RESET : End.CLEAN);
        }
        String told = isExtended() ? "target_refused" : "ended";
        await().untilAsserted(() -> assertThat(atPort(REFUSING).opens()).isEqualTo(Map.of(told, 1L)));
        assertThat(atClient().opens()).isEqualTo(Map.of("target_refused", 1L));
        assertThat(atPort(REFUSING).openTimes().count()).isZero();
    }

    @Test
    void aStreamIsHeldUpByTheUserThatDoesNotRead() throws Exception {
        try (PlainSocket user = PlainSocket.connectSlowReader(server.exposed(0));
                PlainSocket serving = target.accept()) {
            sendMoreThanTheKernelKeeps(serving);

            await().until(() -> stalledOn(serverTunnels()) == Side.USER);
            await().until(() -> stalledOn(clientTunnels()) == (isExtended() ? Side.USER : Side.TUNNEL));
            if (isExtended()) {
                assertThat(only(clientTunnels()).flow().windows().map(StreamView.Windows::send))
                        .contains(0L);
                assertThat(atClient().windowsFull()).isEqualTo(1);
                assertThat(atClient().windowStalls()).isPositive();
            }
            assertThat(atPort(0).windowsFull()).isZero();

            user.startReading();
            user.awaitReceived(MUCH);
            await().until(() -> stalledOn(clientTunnels()) == null);
            assertThat(atClient().windowsFull()).isZero();
            assertThat(atClient().windowStalledNanos() > 0).isEqualTo(isExtended());
        }
    }

    @Test
    void aStreamIsHeldUpByTheTargetThatDoesNotRead() throws Exception {
        try (PlainSocket user = user(0);
                PlainSocket serving = target.accept()) {
            serving.pauseReading(true);
            sendMoreThanTheKernelKeeps(user);

            await().until(() -> stalledOn(clientTunnels()) == Side.TARGET);
            await().until(() -> stalledOn(serverTunnels()) == (isExtended() ? Side.TARGET : Side.TUNNEL));
            assertThat(atPort(0).windowsFull()).isEqualTo(isExtended() ? 1 : 0);
            serving.reset();
        }
        await().untilAsserted(() -> assertThat(atPort(0).windowsFull())
                .as("whoever is gone stands nowhere")
                .isZero());
    }
}
