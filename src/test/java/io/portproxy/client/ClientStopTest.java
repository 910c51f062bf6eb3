package io.portproxy.client;

import static io.portproxy.testing.Instruction.data;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how the remote stops. */
@ParameterizedClass
@EnumSource
class ClientStopTest {
    private static final int DENIED = 9;
    private static final int GOING_AWAY = 12;

    private final Dialect dialect;
    private TestServer server;
    private RawTarget target;
    private ClientUnderTest client;

    ClientStopTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(dialect);
        target = RawTarget.open();
    }

    @AfterEach
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        target.awaitNoConnection();
        target.close();
        server.close();
    }

    private ClientSettings settings(InetSocketAddress server) {
        return TestSettings.client("r", server, dialect, Token.NONE);
    }

    private TestPeer startClient() throws Exception {
        client = new ClientUnderTest(settings(server.address()));
        return server.acceptGreeted("r");
    }

    @Test
    void aRunningStreamMayEndAndNewOnesAreRefused() throws Exception {
        TestPeer peer = startClient();
        peer.send(peer.opening(1, target.port()));
        PlainSocket connection = target.accept();

        CompletableFuture<Void> stopped = client.stop(Duration.ofSeconds(60));
        awaitRefusal(peer);
        assertThat(stopped).isNotDone();
        assertThat(client.connected()).isTrue();

        byte[] back = Bytes.random(1, 500_000);
        peer.send(data(1, Bytes.of("there")));
        assertThat(connection.awaitReceived(5)).isEqualTo(Bytes.of("there"));
        connection.send(back);
        connection.close();
        assertThat(peer.nextData(1, back.length)).isEqualTo(back);
        assertThat(peer.next()).isEqualTo(peer.ending(1));
        peer.endToo(1);
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        assertThat(peer.socket().awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(client.connected()).isFalse();
    }

    /** Opens streams until the remote refuses one. The remote still accepts a stream that arrives before it begins to stop. */
    private void awaitRefusal(TestPeer peer) throws Exception {
        for (int identity = 100; ; identity++) {
            peer.send(peer.opening(identity, target.port()), peer.ending(identity), peer.opening(99, 0));
            if (peer.next().equals(peer.resetting(identity, GOING_AWAY))) {
                assertThat(peer.next()).isEqualTo(peer.resetting(99, DENIED));
                return;
            }
            target.accept().close();
            if (dialect == Dialect.EXTENDED) {
                assertThat(peer.next()).isEqualTo(peer.ending(identity)); // the target ends its direction, too
            }
        }
    }

    @Test
    void whatIsLeftAfterTheGraceIsReset() throws Exception {
        TestPeer peer = startClient();
        peer.send(peer.opening(1, target.port()));
        PlainSocket connection = target.accept();
        CompletableFuture<Void> stopped = client.stop(Duration.ofMillis(200));
        assertThat(connection.awaitEnd()).isEqualTo(End.RESET);
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        peer.socket().awaitEnd();
    }

    @Test
    void withoutStreamsTheTunnelEndsCleanlyAtOnce() throws Exception {
        TestPeer peer = startClient();
        assertThat(client.stop(Duration.ofSeconds(60))).succeedsWithin(Duration.ofSeconds(20));
        assertThat(peer.socket().awaitEnd()).isEqualTo(End.CLEAN);
    }

    @Test
    void aTunnelThatIsLostWhileStoppingEndsTheStop() throws Exception {
        TestPeer peer = startClient();
        peer.send(peer.opening(1, target.port()));
        PlainSocket connection = target.accept();
        CompletableFuture<Void> stopped = client.stop(Duration.ofSeconds(60));
        peer.close();
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        assertThat(connection.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void itStopsWhileItWaitsOrDials() throws Exception {
        server.close();
        try (LogRecorder log = new LogRecorder()) {
            for (int i = 0; i < 30; i++) {
                try (ClientUnderTest stopping = new ClientUnderTest(settings(server.address()))) {
                    assertThat(stopping.stop(Duration.ofSeconds(60))).succeedsWithin(Duration.ofSeconds(20));
                }
            }
            assertThat(log.linesWith("ERROR")).isEmpty();
        }
    }

    @Test
    void itStopsWhileAServerDoesNotAnswer() throws Exception {
        try (RawTarget hanging = RawTarget.hanging();
                ClientUnderTest dialling = new ClientUnderTest(settings(hanging.address()))) {
            assertThat(dialling.stop(Duration.ofSeconds(60))).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
