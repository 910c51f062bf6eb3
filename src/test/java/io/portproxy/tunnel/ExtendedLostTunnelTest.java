package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Relay;
import io.portproxy.testing.Relay.Cut;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests a lost tunnel: its streams are reset on both sides, and no cut transfer looks complete. */
class ExtendedLostTunnelTest {
    private static final int TOTAL = 2_000_000;

    private RawTarget target;
    private ServerUnderTest server;
    private Relay relay;
    private ClientUnderTest client;

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
        server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", target.port())));
        relay = new Relay(server.tunnelAddress());
        client = new ClientUnderTest(ExtendedSettings.client("r", relay.address()));
        client.awaitConnected(server);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        relay.close();
        target.close();
    }

    private PlainSocket user() throws IOException {
        return PlainSocket.connect(server.exposed(0));
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void aLostTunnelResetsBothEnds(Cut cut) throws Exception {
        try (PlainSocket user = user()) {
            PlainSocket served = target.accept();
            user.send(Bytes.of("one"));
            served.awaitReceived(3);
            served.send(Bytes.of("two"));
            user.awaitReceived(3);
            relay.cut(0, cut);
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(served.awaitEnd()).isEqualTo(End.RESET);
            assertThat(user.received()).isEqualTo(Bytes.of("two"));
        }
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void halfClosedStreamsAreResetTooAndTheRemoteComesBack(Cut cut) throws Exception {
        try (PlainSocket uploaded = user()) {
            PlainSocket takes = target.accept();
            uploaded.finish();
            assertThat(takes.awaitEnd()).isEqualTo(End.CLEAN);
            relay.cut(0, cut);
            assertThat(uploaded.awaitEnd()).isEqualTo(End.RESET);
        }
        await().until(() -> relay.tunnels() == 2 && client.connected());
        try (PlainSocket user = user()) {
            PlainSocket served = target.accept();
            served.send(Bytes.of("again"));
            served.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(Bytes.of("again"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, FIN",
        "1, RST",
        "17, FIN",
        "100, RST",
        "65535, FIN",
        "65536, RST",
        "65700, FIN",
        "262144, RST",
        "500000, FIN",
        "999999, RST",
        "1500000, FIN",
        "1999990, RST",
        "1999999, FIN",
        "2000000, RST",
        "2000010, FIN"
    })
    void aTransferCutAnywhereNeverEndsWithFin(long bytes, Cut cut) throws Exception {
        byte[] all = Bytes.random(1, TOTAL);
        try (PlainSocket user = user()) {
            PlainSocket served = target.accept();
            user.send(Bytes.of("go"));
            served.awaitReceived(2);
            relay.cutAfter(relay.carried(0) + bytes, cut);
            sendAllOfIt(served, all);
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            byte[] received = user.received();
            assertThat(received.length).isLessThanOrEqualTo(TOTAL);
            assertThat(received).isEqualTo(Arrays.copyOf(all, received.length));
            assertThat(received.length).isLessThanOrEqualTo((int) bytes);
        } finally {
            relay.cutAfter(Long.MAX_VALUE, cut);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, FIN", "50, RST", "70000, FIN", "1000000, RST", "1999999, FIN", "2000000, RST"})
    void anUploadCutAnywhereNeverEndsWithFin(long bytes, Cut cut) throws Exception {
        byte[] all = Bytes.random(2, TOTAL);
        try (PlainSocket user = user()) {
            PlainSocket served = target.accept();
            served.send(Bytes.of("go"));
            user.awaitReceived(2);
            relay.cutAfter(relay.carried(0) + bytes, cut);
            sendAllOfIt(user, all);
            assertThat(served.awaitEnd()).isEqualTo(End.RESET);
            byte[] received = served.received();
            assertThat(received).isEqualTo(Arrays.copyOf(all, received.length));
        } finally {
            relay.cutAfter(Long.MAX_VALUE, cut);
        }
    }

    private static void sendAllOfIt(PlainSocket from, byte[] all) {
        try {
            from.send(all);
            from.finish();
        } catch (IOException e) {
            // The reset that the test waits for has already come.
        }
    }

    @Test
    void bytesThatWaitForASlowReaderAreNotFollowedByAFinWhenTheTunnelIsLost() throws Exception {
        try (PlainSocket user = PlainSocket.connectSlowReader(server.exposed(0))) {
            PlainSocket served = target.accept();
            Thread sender = new Thread(() -> sendAllOfIt(served, Bytes.random(3, 16 * TOTAL)));
            sender.start();
            await().until(() -> relay.carried(0) > 100_000);
            relay.cut(0, Cut.FIN);
            sender.join(); // the operating system may report the reset to this thread alone
            assertThat(served.awaitEnd()).isEqualTo(End.RESET);
            user.startReading();
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void aRemoteThatStopsWithoutGraceResetsBothEnds() throws Exception {
        try (PlainSocket user = user()) {
            PlainSocket served = target.accept();
            user.send(Bytes.of("one"));
            served.awaitReceived(3);
            assertThat(client.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(served.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void aServerThatStopsWithoutGraceResetsBothEnds() throws Exception {
        try (PlainSocket user = user()) {
            PlainSocket served = target.accept();
            user.send(Bytes.of("one"));
            served.awaitReceived(3);
            assertThat(server.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(served.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void aServerThatStopsLetsAStreamEndWithinItsGrace() throws Exception {
        try (PlainSocket user = user()) {
            PlainSocket served = target.accept();
            user.send(Bytes.of("one"));
            served.awaitReceived(3);
            var stopped = server.stop(Duration.ofSeconds(60));
            served.send(Bytes.random(4, TOTAL));
            served.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(Bytes.random(4, TOTAL));
            assertThat(stopped).isNotDone();
            user.finish();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
