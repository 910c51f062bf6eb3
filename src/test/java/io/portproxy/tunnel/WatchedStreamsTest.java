package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ClientView;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.RemoteView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.tunnel.telemetry.StreamView.State;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what both roles show of their streams to the outside, and what an administrator can do to the streams. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED"})
class WatchedStreamsTest {
    private static final int REFUSING = 1;

    private final Speech speech;
    private final Instant before = Instant.now();
    private RawTarget target;
    private ServerUnderTest server;
    private ClientUnderTest client;

    WatchedStreamsTest(Speech speech) {
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
        target = RawTarget.open(2 * StreamSnapshot.SLICE);
        server = new ServerUnderTest(TestSettings.server(speech.remote("r", target.port(), RawTarget.refusingPort())));
        client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        client.awaitConnected(server);
        await().until(() -> !remote().tunnels().isEmpty());
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

    private RemoteView remote() {
        return server.role().remotes().get(0);
    }

    private PortView port(int index) {
        return remote().ports().get(index);
    }

    private static List<StreamView> streams(List<TunnelHandle> tunnels) throws Exception {
        List<StreamView> all = new ArrayList<>();
        for (TunnelHandle tunnel : tunnels) {
            all.addAll(tunnel.streams().get(20, TimeUnit.SECONDS));
        }
        return all;
    }

    private List<StreamView> atServer() throws Exception {
        return streams(server.role().tunnels().get("r"));
    }

    private List<StreamView> atClient() throws Exception {
        return streams(client.role().view().tunnels());
    }

    @Test
    void aTunnelIsSeenFromBothSides() {
        RemoteView.Tunnel seen = remote().tunnels().get(0);
        TunnelView view = seen.handle().view();

        assertThat(seen.instance()).matches("[0-9a-f]{32}");
        assertThat(seen.index()).isZero();
        assertThat(view.address()).startsWith("127.0.0.1:");
        assertThat(view.dialect()).isEqualTo(isExtended() ? "extended" : "classic");
        assertThat(view.security()).isEqualTo("plain");
        assertThat(view.since()).isBetween(before, Instant.now());
        assertThat(view.available()).isTrue();
        if (isExtended()) {
            await().until(() -> seen.handle().view().roundTripNanos().isPresent());
        }

        ClientView other = client.role().view();
        assertThat(other.name()).isEqualTo("r");
        assertThat(other.connects()).isEqualTo(1);
        assertThat(other.failures()).isZero();
        assertThat(other.tunnels().get(0).view().address())
                .isEqualTo("127.0.0.1:" + server.tunnelAddress().getPort());
    }

    @Test
    void bytesAreCountedInTheirDirectionOnBothSides() throws Exception {
        byte[] up = Bytes.random(1, 300_000);
        byte[] down = Bytes.random(2, 70_000);
        try (PlainSocket user = user(0);
                PlainSocket serving = target.accept()) {
            user.send(up);
            assertThat(serving.awaitReceived(up.length)).isEqualTo(up);
            serving.send(down);
            assertThat(user.awaitReceived(down.length)).isEqualTo(down);

            StreamView atServer = atServer().get(0);
            assertThat(atServer.flow().bytesIn()).isEqualTo(up.length);
            assertThat(atServer.flow().bytesOut()).isEqualTo(down.length);
            assertThat(atServer.ends().port())
                    .contains("127.0.0.1:" + server.exposed(0).getPort());
            assertThat(atServer.ends().user()).contains("127.0.0.1:" + user.localPort());
            assertThat(atServer.ends().target()).isEqualTo("127.0.0.1:" + target.port());
            assertThat(atServer.state()).isEqualTo(State.OPEN);
            assertThat(atServer.since()).isBetween(before.minusMillis(1), Instant.now());
            assertThat(atServer.flow().windows().isPresent()).isEqualTo(isExtended());
            assertThat(atServer.flow().windows().map(StreamView.Windows::send).orElse(1L))
                    .isPositive();
            assertThat(atServer.flow().queued()).isZero();

            StreamView atClient = atClient().get(0);
            assertThat(atClient.name()).isEqualTo(atServer.name());
            assertThat(atClient.flow().bytesIn()).isEqualTo(up.length);
            assertThat(atClient.flow().bytesOut()).isEqualTo(down.length);
            assertThat(atClient.ends().user())
                    .isEqualTo(isExtended() ? atServer.ends().user() : Optional.empty());
            assertThat(atClient.ends().target()).isEqualTo(atServer.ends().target());
            assertThat(atClient.ends().port()).isEmpty();
        }
        await().until(() -> port(0).streams().live() == 0);
        assertThat(port(0).streams())
                .isEqualTo(new StreamCounts(
                        0, 1, up.length, down.length, port(0).streams().closed()));
        assertThat(remote().streams()).isEqualTo(port(0).streams());
        assertThat(client.role().view().streams().bytesIn()).isEqualTo(up.length);
    }

    @Test
    void whoHasEndedIsSeen() throws Exception {
        try (PlainSocket user = user(0);
                PlainSocket serving = target.accept()) {
            user.finish();
            assertThat(serving.awaitEnd()).isEqualTo(End.CLEAN);

            await().untilAsserted(() -> assertThat(atServer())
                    .extracting(StreamView::state)
                    .isEqualTo(isExtended() ? List.of(State.USER_ENDED) : List.of()));
            await().untilAsserted(() -> assertThat(atClient())
                    .extracting(StreamView::state)
                    .isEqualTo(isExtended() ? List.of(State.USER_ENDED) : List.of()));
        }
    }

    @Test
    void endsAndRefusalsAreCountedByReason() throws Exception {
        try (PlainSocket refused = user(REFUSING)) {
            assertThat(refused.awaitEnd()).isEqualTo(isExtended() ? End.RESET : End.CLEAN);
        }
        String told = isExtended() ? "target_refused" : "ended";
        await().untilAsserted(() ->
                assertThat(port(REFUSING).streams()).isEqualTo(new StreamCounts(0, 1, 0, 0, Map.of(told, 1L))));
        client.stop(Duration.ZERO).join();
        await().until(() -> remote().tunnels().isEmpty());

        try (PlainSocket refused = user(0)) {
            assertThat(refused.awaitEnd()).isEqualTo(End.RESET);
        }

        await().untilAsserted(() -> assertThat(port(0).refused()).isEqualTo(Map.of("remote_away", 1L)));
    }

    @Test
    void whatIsStalledIsSeen() throws Exception {
        try (PlainSocket user = PlainSocket.connectSlowReader(server.exposed(0));
                PlainSocket serving = target.accept()) {
            serving.send(new byte[8_000_000]);

            await().untilAsserted(() -> {
                StreamView stalled = atServer().get(0);
                assertThat(stalled.flow().queued()).isPositive();
                assertThat(stalled.flow().stall().map(StreamView.Stall::side)).contains(StreamView.Side.USER);
            });
            user.startReading();
            await().untilAsserted(
                            () -> assertThat(atServer().get(0).flow().queued()).isZero());
        }
    }

    @Test
    void anAdministratorClosesAStreamAtBothEnds() throws Exception {
        try (PlainSocket user = user(0);
                PlainSocket serving = target.accept();
                PlainSocket other = user(0);
                PlainSocket servingOther = target.accept()) {
            TunnelHandle tunnel = remote().tunnels().get(0).handle();
            long identity = atServer().stream()
                    .filter(stream -> stream.ends().user().equals(Optional.of("127.0.0.1:" + user.localPort())))
                    .findFirst()
                    .orElseThrow()
                    .identity();

            assertThat(tunnel.closeStreams(List.of(identity)))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(1);

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(serving.awaitEnd()).isEqualTo(isExtended() ? End.RESET : End.CLEAN);
            assertThat(tunnel.closeStreams(List.of(identity)))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(0);
            String told = isExtended() ? "closed_by_administrator" : "ended";
            await().until(() -> client.role().view().streams().closed().containsKey(told));
            assertThat(port(0).streams().closed()).isEqualTo(Map.of("closed_by_administrator", 1L));
            other.send((byte) 7);
            assertThat(servingOther.awaitReceived(1)).containsExactly(7);
        }
    }

    @Test
    void anAdministratorDisconnectsARemoteWhichComesBack() throws Exception {
        try (PlainSocket user = user(0);
                PlainSocket serving = target.accept()) {
            remote().tunnels().get(0).handle().disconnect();

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(serving.awaitEnd()).isEqualTo(End.RESET);
            await().until(() -> client.role().view().connects() == 2);
            await().until(() -> !remote().tunnels().isEmpty());
            assertThat(client.role().view().lastFailure().orElseThrow())
                    .contains(isExtended() ? "closed by administrator" : "");
        }
    }

    @Test
    void moreStreamsThanASliceAreSeenAndClosed() throws Exception {
        List<PlainSocket> users = new ArrayList<>();
        try {
            for (int i = 0; i < StreamSnapshot.SLICE + 3; i++) {
                users.add(user(0));
            }
            await().until(() -> atServer().size() == users.size());

            List<Long> all = atServer().stream().map(StreamView::identity).toList();
            assertThat(all).doesNotHaveDuplicates();
            assertThat(remote().tunnels().get(0).handle().closeStreams(all).get(20, TimeUnit.SECONDS))
                    .isEqualTo(users.size());
            assertThat(port(0).streams().live()).isZero();
        } finally {
            for (PlainSocket user : users) {
                user.close();
            }
        }
    }
}
