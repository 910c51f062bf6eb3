package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ClientSettings;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.ServerSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests tunnels over TLS, and pairs of peers of which one does not speak TLS or has a certificate for another name. */
class ExtendedTlsTest {
    private static final String NAME = TestCertificates.CLIENT; // the name in the client's certificate
    private static final int MANY = 5_000_000;

    private final Target echo = Target.echo();
    private final LogRecorder log = new LogRecorder();
    private RawTarget target;

    @BeforeEach
    void start() throws IOException {
        target = RawTarget.open();
    }

    @AfterEach
    void stop() throws IOException {
        target.close();
        echo.close();
        log.close();
    }

    private static TlsSettings tls(boolean mutual, String own, String... trusted) {
        SSLContext context = TestCertificates.context(own, trusted);
        return new TlsSettings(() -> context, mutual);
    }

    private static TlsSettings trusting() {
        return tls(false, "", TestCertificates.CA);
    }

    private ServerSettings plain(String name) {
        return TestSettings.server(ExtendedSettings.remote(name, echo.port(), target.port()));
    }

    private ServerUnderTest tlsServer() throws Exception {
        return new ServerUnderTest(plain(NAME).withTls(tls(false, TestCertificates.SERVER)));
    }

    private ServerUnderTest mutualServer(String name) throws Exception {
        return new ServerUnderTest(plain(name).withTls(tls(true, TestCertificates.SERVER, TestCertificates.CA)));
    }

    private static ClientSettings client(String name, InetSocketAddress address) {
        return ExtendedSettings.client(name, address);
    }

    private static ClientUnderTest tlsClient(String name, ServerUnderTest server, TlsSettings tls) throws Exception {
        return new ClientUnderTest(tryingOnce(ExtendedSettings.overTls(client(name, server.tunnelAddress()), tls)));
    }

    /**
     * Returns a client that waits so long between attempts that a test is over before the second one. No attempt is then in flight when
     * the test ends.
     */
    private static ClientSettings tryingOnce(ClientSettings client) {
        return client.withTimes(TestSettings.TIMES.withBackoff(Duration.ofMinutes(10)));
    }

    private void assertCarries(ServerUnderTest server) throws Exception {
        byte[] sent = Bytes.random(1, MANY);
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            user.send(sent);
            user.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(user.received()).isEqualTo(sent);
        }
    }

    @Test
    void streamsTheirEndsAndTheirResetsTravelOverTls() throws Exception {
        try (ServerUnderTest server = tlsServer();
                ClientUnderTest client = tlsClient(NAME, server, trusting())) {
            client.awaitConnected(server);
            assertCarries(server);
            try (PlainSocket user = PlainSocket.connect(server.exposed(1))) {
                PlainSocket served = target.accept();
                served.send(Bytes.of("part"));
                user.awaitReceived(4);
                served.reset();
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
            PlainSocket user = PlainSocket.connect(server.exposed(1));
            PlainSocket served = target.accept();
            user.send(Bytes.of("part"));
            served.awaitReceived(4);
            user.reset();
            assertThat(served.awaitEnd()).isEqualTo(End.RESET);
            assertThat(log.linesWith("(extended, TLS")).isNotEmpty();
        }
    }

    @Test
    void aLostTlsTunnelResetsBothEnds() throws Exception {
        try (ServerUnderTest server = tlsServer();
                ClientUnderTest client = tlsClient(NAME, server, trusting())) {
            client.awaitConnected(server);
            try (PlainSocket user = PlainSocket.connect(server.exposed(1))) {
                PlainSocket served = target.accept();
                user.send(Bytes.of("part"));
                served.awaitReceived(4);
                assertThat(client.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                assertThat(served.awaitEnd()).isEqualTo(End.RESET);
            }
        }
    }

    @Test
    void severalTunnelsSpeakTlsAtOnce() throws Exception {
        try (ServerUnderTest server = tlsServer();
                ClientUnderTest client = new ClientUnderTest(ExtendedSettings.overTls(
                        ExtendedSettings.client(NAME, server.tunnelAddress()).withTunnels(3), trusting()))) {
            client.awaitConnected(server);
            for (int i = 0; i < 6; i++) {
                assertCarries(server);
            }
        }
    }

    @Test
    void aRemoteWhoseCertificateIsForItsNameIsTaken() throws Exception {
        TlsSettings home = tls(false, TestCertificates.CLIENT, TestCertificates.CA);
        try (ServerUnderTest server = mutualServer(NAME);
                ClientUnderTest client = tlsClient(NAME, server, home)) {
            client.awaitConnected(server);
            assertCarries(server);
        }
    }

    @Test
    void aRemoteWhoseCertificateIsForAnotherNameIsRefusedThoughItHasTheToken() throws Exception {
        TlsSettings home = tls(false, TestCertificates.CLIENT, TestCertificates.CA);
        try (ServerUnderTest server = mutualServer("office");
                ClientUnderTest client = tlsClient("office", server, home)) {
            await().until(() ->
                    !log.linesWith("not for its remote name \"office\"").isEmpty());
            await().until(() -> !log.linesWith("the server refuses: denied").isEmpty());
            assertThat(client.connected()).isFalse();
            assertThat(log.linesWith("is connected from")).isEmpty();
        }
    }

    @Test
    void aRemoteWithoutACertificateIsRefusedWhereOneIsNeeded() throws Exception {
        try (ServerUnderTest server = mutualServer(NAME);
                ClientUnderTest client = tlsClient(NAME, server, trusting())) {
            await().until(() -> !log.linesWith("refused: TLS: ").isEmpty());
            await().until(() -> !log.linesWith("no tunnel to").isEmpty());
            assertThat(client.connected()).isFalse();
            assertThat(log.linesWith("refused: TLS: ").get(0)).contains("certificate");
            assertThat(log.linesWith("no tunnel to").get(0)).contains("certificate");
        }
    }

    @Test
    void aServerThatIsNotTrustedIsNotGreeted() throws Exception {
        TlsSettings others = tls(false, "", TestCertificates.STRANGER);
        try (ServerUnderTest server = tlsServer();
                ClientUnderTest client = tlsClient(NAME, server, others)) {
            await().until(() -> !log.linesWith("is not trusted").isEmpty());
            await().until(() -> !log.linesWith("refused: TLS: ").isEmpty());
            assertThat(client.connected()).isFalse();
            assertThat(log.linesWith("is not trusted").get(0)).startsWith("WARN");
        }
    }

    @Test
    void aPlainRemoteOnATlsPortIsToldFromBothSides() throws Exception {
        try (ServerUnderTest server = tlsServer();
                ClientUnderTest client = new ClientUnderTest(tryingOnce(client(NAME, server.tunnelAddress())))) {
            await().until(() -> !log.linesWith("the client does not speak TLS").isEmpty());
            await().until(() -> !log.linesWith("no tunnel to").isEmpty());
            assertThat(client.connected()).isFalse();
            assertThat(log.linesWith("no tunnel to").get(0)).startsWith("WARN").contains("TLS");
        }
    }

    @Test
    void aTlsRemoteOnAPlainPortIsToldFromBothSides() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(plain(NAME));
                ClientUnderTest client = tlsClient(NAME, server, trusting())) {
            await().until(() -> !log.linesWith("it speaks TLS, but this server has no certificate")
                    .isEmpty());
            await().until(() -> !log.linesWith("no tunnel to").isEmpty());
            assertThat(client.connected()).isFalse();
            assertThat(log.linesWith("no tunnel to").get(0)).startsWith("WARN").contains("does not speak TLS");
        }
    }
}
