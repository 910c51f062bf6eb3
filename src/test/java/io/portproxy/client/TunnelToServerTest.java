package io.portproxy.client;

import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.greeting;
import static io.portproxy.testing.Instruction.heartbeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.TunnelSettings;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the remote's tunnel: the greeting, heartbeats, and the reconnect after anything that the server does. */
class TunnelToServerTest {
    private TestServer server;
    private RawTarget target;
    private ClientUnderTest client;

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
    }

    @AfterEach
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        target.awaitNoConnection();
        target.close();
        if (server != null) {
            server.close();
        }
    }

    private void startBoth(Dialect dialect) throws Exception {
        server = new TestServer(dialect);
        client = new ClientUnderTest(settings(dialect));
    }

    private ClientSettings settings(Dialect dialect) {
        TunnelSettings beating = TestSettings.tunnel().withHeartbeatInterval(Duration.ofMillis(100));
        return TestSettings.client("ré", server.address(), dialect, Token.NONE).withTunnel(beating);
    }

    private void assertStreamWorks(TestPeer peer, long identity) throws Exception {
        peer.send(peer.opening(identity, target.port()));
        PlainSocket connection = target.accept();
        peer.send(data(identity, Bytes.of("to")));
        assertThat(connection.awaitReceived(2)).isEqualTo(Bytes.of("to"));
        connection.send(Bytes.of("fro"));
        assertThat(peer.nextData(identity, 3)).isEqualTo(Bytes.of("fro"));
    }

    @Test
    void theGreetingComesFirstAndThenHeartbeats() throws Exception {
        long start = System.nanoTime();
        startBoth(Dialect.CLASSIC);
        TestPeer peer = server.accept();
        assertThat(peer.nextAny()).isEqualTo(greeting("ré"));
        for (int i = 0; i < 5; i++) {
            assertThat(peer.nextAny()).isEqualTo(heartbeat());
        }
        assertThat(System.nanoTime() - start)
                .as("nanoseconds for five intervals")
                .isGreaterThanOrEqualTo(Duration.ofMillis(500).toNanos());
        assertThat(client.connected()).isTrue();
    }

    @Test
    void heartbeatsGoOnBesideData() throws Exception {
        startBoth(Dialect.CLASSIC);
        TestPeer peer = server.acceptGreeted("ré");
        peer.send(peer.opening(1, target.port()));
        PlainSocket connection = target.accept();
        int beats = 0;
        int received = 0;
        while (beats < 5) {
            connection.send((byte) received);
            if (peer.nextAny().equals(heartbeat())) {
                beats++;
            } else {
                received++;
            }
        }
        assertThat(received).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsNotThereYetIsFoundWhenItComes(Dialect dialect) throws Exception {
        server = new TestServer(dialect);
        InetSocketAddress address = server.address();
        server.close();
        try (LogRecorder log = new LogRecorder()) {
            client = new ClientUnderTest(settings(dialect));
            await().until(() -> log.linesWith("no tunnel to").size() >= 5);
            assertThat(client.connected()).isFalse();
            assertThat(log.linesWith("no tunnel to"))
                    .filteredOn(line -> line.startsWith("WARN"))
                    .hasSize(1);
        }
        server = new TestServer(dialect, address.getPort());
        assertStreamWorks(server.acceptGreeted("ré"), 1);
    }

    @ParameterizedTest
    @EnumSource
    void itComesBackForEverToAServerThatClosesRightAfterTheGreeting(Dialect dialect) throws Exception {
        startBoth(dialect);
        for (int i = 0; i < 12; i++) {
            TestPeer peer = server.acceptGreeted("ré");
            if (i % 2 == 0) {
                peer.close();
            } else {
                peer.socket().reset();
            }
        }
        assertStreamWorks(server.acceptGreeted("ré"), 1);
    }

    @ParameterizedTest
    @EnumSource
    void itComesBackToAServerThatClosesBeforeTheGreeting(Dialect dialect) throws Exception {
        startBoth(dialect);
        for (int i = 0; i < 5; i++) {
            server.accept().socket().reset();
        }
        assertStreamWorks(server.acceptGreeted("ré"), 1);
    }

    @ParameterizedTest
    @CsvSource({"CLASSIC,false", "CLASSIC,true", "EXTENDED,false", "EXTENDED,true"})
    void aLostTunnelResetsTheTargetsConnections(Dialect dialect, boolean withReset) throws Exception {
        startBoth(dialect);
        TestPeer peer = server.acceptGreeted("ré");
        peer.send(peer.opening(1, target.port()), data(1, Bytes.of("cut")));
        PlainSocket one = target.accept();
        peer.send(peer.opening(2, target.port()));
        PlainSocket other = target.accept();
        one.awaitReceived(3);
        if (withReset) {
            peer.socket().reset();
        } else {
            peer.socket().finish();
        }
        assertThat(one.awaitEnd()).isEqualTo(End.RESET);
        assertThat(other.awaitEnd()).isEqualTo(End.RESET);
        assertThat(one.received()).isEqualTo(Bytes.of("cut"));

        TestPeer next = server.acceptGreeted("ré");
        next.send(data(1, Bytes.of("of the tunnel before")), next.ending(2));
        assertStreamWorks(next, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000 00000001 72", // a greeting
                "0000 ffffffff", // a greeting with a name of 4 GiB
                "0000 00000000",
                "0005", // no such code
                "0011 00000000",
                "ffff ffff ffff",
                "4854 5450 2f31 2e31 2034 3030 0d0a", // HTTP/1.1 400
                "1503 0100 0202 28", // a TLS alert
            })
    void aServerThatBreaksTheProtocolLosesItsTunnelAndItsStreams(String hex) throws Exception {
        try (LogRecorder log = new LogRecorder()) {
            startBoth(Dialect.CLASSIC);
            TestPeer peer = server.acceptGreeted("ré");
            peer.send(peer.opening(1, target.port()));
            PlainSocket connection = target.accept();
            byte[] wrong = HexFormat.of().parseHex(hex.replace(" ", ""));
            peer.send(wrong);
            peer.socket().awaitEnd();
            assertThat(connection.awaitEnd()).isEqualTo(End.RESET);
            assertStreamWorks(server.acceptGreeted("ré"), 2);
            assertThat(log.linesWith(HexFormat.ofDelimiter(" ").formatHex(wrong)))
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1:" + server.address().getPort());
        }
    }

    @Test
    void aServerOfAnotherProtocolIsCalledByItsName() throws Exception {
        try (LogRecorder log = new LogRecorder()) {
            startBoth(Dialect.CLASSIC);
            TestPeer peer = server.acceptGreeted("ré");
            peer.socket().send(Bytes.of("HTTP/1.1 400 Bad Request\r\n\r\n"));
            await().until(() -> !log.linesWith("it sent an HTTP response").isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSecondOpeningOfAnIdentityIsAProtocolError(Dialect dialect) throws Exception {
        startBoth(dialect);
        TestPeer peer = server.acceptGreeted("ré");
        peer.send(peer.opening(1, target.port()));
        PlainSocket connection = target.accept();
        peer.send(peer.opening(1, target.port()));
        peer.socket().awaitEnd();
        assertThat(connection.awaitEnd()).isEqualTo(End.RESET);
        assertStreamWorks(server.acceptGreeted("ré"), 1);
    }

    @ParameterizedTest
    @EnumSource
    void secondOpeningsCostNoFileDescriptor(Dialect dialect) throws Exception {
        startBoth(dialect);
        TestPeer first = server.acceptGreeted("ré");
        first.close();
        long before = openDescriptors();
        for (int i = 0; i < 60; i++) {
            try (TestPeer peer = server.acceptGreeted("ré")) {
                peer.send(peer.opening(1, target.port()), peer.opening(1, target.port()));
                peer.socket().awaitEnd();
                target.accept().close();
            }
        }
        await().until(() -> openDescriptors() < before + 30);
    }

    private static long openDescriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @ParameterizedTest
    @EnumSource
    void aServersHeartbeatIsHarmless(Dialect dialect) throws Exception {
        startBoth(dialect);
        TestPeer peer = server.acceptGreeted("ré");
        peer.send(heartbeat(), heartbeat());
        assertStreamWorks(peer, 1);
    }
}
