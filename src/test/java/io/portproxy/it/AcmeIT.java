package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.acme.AcmeListener;
import io.portproxy.acme.AcmeSettings;
import io.portproxy.acme.CertificateView;
import io.portproxy.acme.CertificateView.State;
import io.portproxy.acme.ChallengeType;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests certificates of Pebble, an ACME authority for tests that really checks the challenges. */
class AcmeIT {
    private static final String NAME = "app.example.com";
    private static final AcmeListener NOBODY = new AcmeListener() {
        @Override
        public void issued(CertificateView certificate) {}

        @Override
        public void failed(CertificateView certificate) {}
    };

    @TempDir
    Path folder;

    private Pebble pebble;
    private int httpPort;

    @BeforeEach
    void prepare() {
        pebble = new Pebble(AcmeIT.class, folder);
        httpPort = pebble.httpPort();
    }

    @AfterEach
    void stop() throws InterruptedException {
        pebble.stop();
    }

    @Test
    void http01BringsACertificateThatARestartKeeps() throws Exception {
        startPebble();
        try (AcmeCertificates certificates = certificates(ChallengeType.HTTP_01, httpPort)) {
            certificates.start(Set::of);
            awaitState(certificates, State.VALID);
            assertThat(certificates.views().get(0).issuer().orElseThrow()).contains("Pebble Intermediate");
        }

        try (AcmeCertificates again = certificates(ChallengeType.HTTP_01, httpPort)) {
            assertThat(again.views().get(0).state()).isEqualTo(State.VALID);
        }
    }

    @Test
    void tlsAlpn01BringsACertificate() throws Exception {
        startPebble();
        try (AcmeCertificates certificates = certificates(ChallengeType.TLS_ALPN_01, httpPort);
                ServerSocket listener = new ServerSocket(pebble.tlsPort(), 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serve(listener, certificates));
            server.setDaemon(true);
            server.start();
            certificates.start(Set::of);

            awaitState(certificates, State.VALID);
            assertThat(certificates.challenge(NAME)).isEmpty();
        }
    }

    @Test
    void aRestartInTheMiddleOfAnOrderBeginsAnewWithTheSameAccount() throws Exception {
        pebble.start();
        List<Socket> looking = new ArrayList<>(); // open until the first attempt ends
        try (ServerSocket silent = new ServerSocket(pebble.tlsPort(), 50, InetAddress.getLoopbackAddress());
                AcmeCertificates certificates = certificates(ChallengeType.TLS_ALPN_01, httpPort)) {
            silent.setSoTimeout(60_000);
            certificates.start(Set::of);
            looking.add(silent.accept());
            assertThat(certificates.challenge(NAME)).isPresent();
        }
        for (Socket socket : looking) {
            socket.close();
        }
        String account = accountKey();

        try (AcmeCertificates again = certificates(ChallengeType.HTTP_01, httpPort)) {
            assertThat(again.views().get(0).state()).as("nothing has failed").isEqualTo(State.WANTED);
            again.start(Set::of);
            awaitState(again, State.VALID);
        }
        assertThat(accountKey()).isEqualTo(account);
    }

    private String accountKey() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return Files.readString(all.filter(path -> path.endsWith("account-key.pem"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    @Test
    void anAuthorityThatIsAwayIsAskedAgain() throws Exception {
        try (AcmeCertificates certificates = certificates(ChallengeType.HTTP_01, httpPort)) {
            certificates.start(Set::of);
            awaitState(certificates, State.FAILING);
            startPebble();

            awaitState(certificates, State.VALID);
        }
    }

    @Test
    void aWrongAnswerIsTold() throws Exception {
        startPebble();
        try (AcmeCertificates certificates = certificates(ChallengeType.HTTP_01, FreePorts.find())) {
            certificates.start(Set::of);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> certificates
                            .views()
                            .get(0)
                            .lastFailure()
                            .filter(why -> why.startsWith("http-01: "))
                            .isPresent());

            assertThat(certificates.context(NAME)).isPresent();
        }
    }

    private static void awaitState(AcmeCertificates certificates, State state) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> certificates.views().get(0).state() == state);
    }

    private static void serve(ServerSocket listener, AcmeCertificates certificates) {
        while (!listener.isClosed()) {
            try (Socket plain = listener.accept()) {
                Optional<SSLContext> context = certificates.challenge(NAME);
                if (context.isPresent()) {
                    SSLSocket socket =
                            (SSLSocket) context.get().getSocketFactory().createSocket(plain, null, true);
                    socket.setUseClientMode(false);
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(new String[] {AcmeCertificates.CHALLENGE_PROTOCOL});
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                    socket.close();
                }
            } catch (IOException e) {
                assertThat(e).isNotNull(); // the authority has closed the connection, or the test has ended
            }
        }
    }

    private AcmeCertificates certificates(ChallengeType type, int bind) {
        SSLContext trust = TestCertificates.context("", TestCertificates.CA);
        return new AcmeCertificates(
                new AcmeSettings(
                        new AcmeSettings.Account(pebble.directory(), Optional.of(() -> trust), Optional.empty()),
                        new AcmeSettings.Validation(
                                List.of(type),
                                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), bind))),
                        Set.of(NAME),
                        10,
                        folder.resolve("acme"),
                        new AcmeSettings.Timing(Duration.ofSeconds(1), Duration.ofSeconds(2), 66, 50)),
                NOBODY);
    }

    private void startPebble() throws IOException {
        pebble.start();
    }
}
