package io.portproxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.TransportEnd;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how connections become TLS, and what either side reports if they do not. */
class TlsHandshakeTest {
    private static final String V12 = "TLSv1.2";
    private static final String V13 = "TLSv1.3";
    private static final String NO_ANSWER =
            "the server ended the connection without an answer in TLS;" + " perhaps it does not speak TLS on this port";
    private static final String NONE_SHOWN =
            "the client has shown no certificate of an authority that this side trusts, and one is required";
    private static final String NONE_TO_SHOW =
            "the server requires a certificate of an authority that it trusts, and this side has shown none (TLS alert ";

    private final TlsBed bed = new TlsBed();

    @AfterEach
    void nothingIsLeft() {
        bed.close();
    }

    private void bothSpeak(String protocol) {
        bed.client = TlsBed.only(protocol, bed.client);
        bed.server = TlsBed.only(protocol, bed.server);
    }

    private Socket plainSocket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), bed.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    @Test
    void prefersTheNewestVersionAndTheFastestCipher() {
        bed.dial();
        TransportEnd client = bed.clientResult().up();
        TransportEnd server = bed.serverResult().up();
        assertThat(client.call(client.transport()::security)).isEqualTo("TLSv1.3 TLS_AES_128_GCM_SHA256");
        assertThat(server.call(server.transport()::security)).isEqualTo("TLSv1.3 TLS_AES_128_GCM_SHA256");
        assertThat(server.call(server.transport()::peerNames)).isEmpty();
        assertThat(client.call(client.transport()::peerNames)).containsExactly("localhost");
    }

    @Test
    void usesForwardSecrecyAndAuthenticatedEncryptionInVersion12() {
        bothSpeak(V12);
        bed.dial();
        TransportEnd client = bed.clientResult().up();
        bed.serverResult().up();
        assertThat(client.call(client.transport()::security)).matches("TLSv1.2 TLS_ECDHE_\\w+_GCM_\\w+");
    }

    @ParameterizedTest
    @ValueSource(strings = {V12, V13})
    void namesTheClientByItsVerifiedCertificate(String protocol) {
        bothSpeak(protocol);
        bed.server = new TlsSettings(
                TlsBed.settings(TestCertificates.SERVER, TestCertificates.CA).context(),
                List.of(protocol),
                List.of(),
                true);
        bed.client = new TlsSettings(
                TlsBed.settings(TestCertificates.CLIENT_WITH_NAMES, TestCertificates.CA)
                        .context(),
                List.of(protocol),
                List.of(),
                false);
        for (int i = 0; i < 2; i++) { // the second one resumes the session of the first
            bed.dial();
            bed.clientResult().up();
            TransportEnd server = bed.serverResult().up();
            assertThat(server.call(server.transport()::peerNames))
                    .containsExactlyInAnyOrder("desk, 2", "desk", "desk.example");
        }
    }

    @Test
    void newConnectionsTakeAReloadedCertificateAndOldOnesStay() {
        AtomicReference<SSLContext> current = new AtomicReference<>(TestCertificates.context(TestCertificates.SERVER));
        bed.server = new TlsSettings(current::get, false);
        SSLContext trust = TestCertificates.context("", TestCertificates.SERVER);
        SSLContext trust2 = TestCertificates.context("", TestCertificates.SERVER_2);
        bed.client = new TlsSettings(() -> trust, false);
        bed.dial();
        TransportEnd oldClient = bed.clientResult().up();
        TransportEnd oldServer = bed.serverResult().up();

        current.set(TestCertificates.context(TestCertificates.SERVER_2));
        bed.client = new TlsSettings(() -> trust2, false);
        bed.dial();
        bed.clientResult().up();
        bed.serverResult().up();

        oldClient.send("still here".getBytes(StandardCharsets.US_ASCII));
        oldServer.awaitReceived(10);
        assertThat(oldServer.received()).asString().isEqualTo("still here");
    }

    @ParameterizedTest
    @ValueSource(strings = {V12, V13})
    void bothSidesSayThatTheCertificateIsNotTrusted(String protocol) {
        bothSpeak(protocol);
        bed.server = TlsBed.only(protocol, TlsBed.settings(TestCertificates.STRANGER));
        bed.dial();
        assertThat(bed.clientResult().failure()).startsWith("the server's certificate is not trusted: ");
        assertThat(bed.serverResult().failure())
                .isEqualTo("the client rejected this side's certificate (TLS alert certificate_unknown)");
    }

    @ParameterizedTest
    @ValueSource(strings = {V12, V13})
    void bothSidesSayThatTheCertificateHasExpired(String protocol) {
        bothSpeak(protocol);
        bed.server = TlsBed.only(protocol, TlsBed.settings(TestCertificates.EXPIRED));
        bed.dial();
        assertThat(bed.clientResult().failure())
                .startsWith(
                        "the server's certificate, or the certificate of an authority that signed it, has expired: NotAfter: ");
        assertThat(bed.serverResult().failure())
                .matches("the client rejected this side's certificate \\(TLS alert certificate_\\w+\\)"
                        + "; it expired at 2020-01-.*Z");
    }

    @Test
    void bothSidesSayThatTheCertificateIsNotValidYet() {
        bed.server = TlsBed.settings(TestCertificates.FUTURE);
        bed.dial();
        assertThat(bed.clientResult().failure())
                .startsWith(
                        "the server's certificate, or the certificate of an authority that signed it, is not valid yet: NotBefore: ");
        X509Certificate certificate = TestCertificates.certificate(TestCertificates.FUTURE);
        assertThat(bed.serverResult().failure())
                .startsWith("the client rejected this side's certificate")
                .endsWith(
                        "; it is not valid before " + certificate.getNotBefore().toInstant());
    }

    @Test
    void anExpiredCertificateIsRefusedAlsoWhenItIsInTheTrustStore() {
        bed.server = TlsBed.settings(TestCertificates.EXPIRED_STRANGER);
        bed.client = TlsBed.settings("", TestCertificates.EXPIRED_STRANGER);
        bed.dial();
        assertThat(bed.clientResult().failure())
                .startsWith(
                        "the server's certificate, or the certificate of an authority that signed it, has expired: NotAfter: ");
        TlsBed.Result server = bed.serverResult();
        if (server.failure().isEmpty()) { // with TLS 1.3 it finishes before the client checks it
            assertThat(server.end().ended()).contains("close_notify");
        }
    }

    @ParameterizedTest
    @CsvSource({"localhost, TLSv1.3, other", "127.0.0.1, TLSv1.3, other", "localhost, TLSv1.2, other"})
    void bothSidesSayThatTheCertificateIsForAnotherName(String host, String protocol, String certificate) {
        bothSpeak(protocol);
        bed.server = TlsBed.only(protocol, TlsBed.settings(certificate));
        bed.dial(host, bed.port(), TlsBed.LONG);
        assertThat(bed.clientResult().failure())
                .startsWith("the server's certificate is not for the name \"" + host + "\": No ");
        assertThat(bed.serverResult().failure()).startsWith("the client rejected this side's certificate (TLS alert ");
    }

    @ParameterizedTest
    @ValueSource(strings = {V12, V13})
    void bothSidesSayThatTheClientHasShownNoCertificate(String protocol) {
        bothSpeak(protocol);
        bed.server =
                TlsBed.mutual(TlsBed.only(protocol, TlsBed.settings(TestCertificates.SERVER, TestCertificates.CA)));
        bed.dial();
        assertThat(bed.serverResult().failure()).isEqualTo(NONE_SHOWN);
        assertThat(clientFailure()).startsWith(NONE_TO_SHOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {V12, V13})
    void bothSidesSayThatTheClientsCertificateIsNotTrusted(String protocol) {
        bothSpeak(protocol);
        bed.server = TlsBed.mutual(
                TlsBed.only(protocol, TlsBed.settings(TestCertificates.SERVER, TestCertificates.FALSE_CA)));
        bed.client = TlsBed.only(protocol, TlsBed.settings(TestCertificates.CLIENT, TestCertificates.CA));
        bed.dial();
        assertThat(bed.serverResult().failure()).startsWith("the client's certificate is not trusted: ");
        assertThat(clientFailure())
                .isEqualTo("the server rejected this side's certificate (TLS alert certificate_unknown)");
    }

    @Test
    void aClientWhoseCertificateIsOfAnAuthorityThatTheServerDoesNotTrustShowsNone() {
        bed.server = TlsBed.mutual(TlsBed.settings(TestCertificates.SERVER, TestCertificates.STRANGER));
        bed.client = TlsBed.settings(TestCertificates.CLIENT, TestCertificates.CA);
        bed.dial();
        assertThat(bed.serverResult().failure()).isEqualTo(NONE_SHOWN);
        assertThat(clientFailure()).startsWith(NONE_TO_SHOW);
    }

    /**
     * Returns why the client failed. With TLS 1.3, a client has finished before the server has seen its certificate. It then learns of
     * the refusal when it reads.
     */
    private String clientFailure() {
        TlsBed.Result result = bed.clientResult();
        return result.failure().isEmpty() ? result.end().ended() : result.failure();
    }

    @Test
    void bothSidesSayThatNoVersionIsInCommon() {
        bed.server = TlsBed.only(V13, bed.server);
        bed.client = TlsBed.only(V12, bed.client);
        bed.dial();
        assertThat(bed.serverResult().failure())
                .startsWith("no TLS version or cipher suite in common with the client: ");
        assertThat(bed.clientResult().failure())
                .startsWith("the server has no TLS version or cipher suite in common with this side")
                .endsWith("(TLS alert protocol_version)");
    }

    @Test
    void bothSidesSayThatNoCipherSuiteIsInCommon() {
        bed.server = new TlsSettings(bed.server.context(), List.of(), List.of("TLS_AES_256_GCM_SHA384"), false);
        bed.client = new TlsSettings(bed.client.context(), List.of(), List.of("TLS_AES_128_GCM_SHA256"), false);
        bed.dial();
        assertThat(bed.serverResult().failure())
                .startsWith("no TLS version or cipher suite in common with the client: ");
        assertThat(bed.clientResult().failure()).endsWith("(TLS alert handshake_failure)");
    }

    @Test
    void aServerWithoutAKeySaysSo() {
        bed.server = TlsBed.settings("");
        bed.dial();
        assertThat(bed.serverResult().failure())
                .matches("(this side has no certificate and key|no TLS version or cipher suite in common) .*");
        assertThat(bed.clientResult().failure()).endsWith("(TLS alert handshake_failure)");
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000046e616d65, it is a PortProxy remote without TLS",
        "0002, it is a PortProxy remote without TLS",
        "00100000, it is a PortProxy remote without TLS",
        "474554202f20485454502f312e310d0a, it sent an HTTP request",
        "504f5354, it sent an HTTP request",
        "5353482d322e30, it speaks SSH",
        "0105ff0001, its first bytes are 01 05 ff 00"
    })
    void aServerSaysWhatSpeaksPlainOnItsPort(String hex, String what) throws IOException {
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(java.util.HexFormat.of().parseHex(hex));
            assertThat(bed.serverResult().failure()).isEqualTo("the client does not speak TLS: " + what);
            // Our own side, and any TLS library, recognizes a TLS port by this answer.
            assertThat(socket.getInputStream().readAllBytes()).containsExactly(21, 3, 3, 0, 2, 2, 10);
        }
    }

    @Test
    void aPlainPeerIsKnownAlsoWhenItsBytesComeOneByOneOrNoMoreCome() throws IOException {
        try (Socket socket = plainSocket()) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write('S');
            socket.getOutputStream().write('S');
            socket.getOutputStream().write('H');
            socket.shutdownOutput();
            assertThat(bed.serverResult().failure())
                    .isEqualTo("the client does not speak TLS: its first bytes are 53 53 48");
        }
        bed.serverTimeout = Duration.ofMillis(300);
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(1);
            assertThat(bed.serverResult().failure()).isEqualTo("the client does not speak TLS: its first bytes are 01");
        }
    }

    @Test
    void aClientSaysWhatSpeaksPlainInsteadOfTheServer() throws IOException {
        answerWith("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(bed.clientResult().failure()).isEqualTo("the server does not speak TLS: it sent an HTTP response");
        answerWith(TlsRecords.unexpectedMessageAlert().array());
        assertThat(bed.clientResult().failure())
                .isEqualTo("the server does not speak TLS on this port (TLS alert unexpected_message)");
        answerWith(new byte[0]);
        assertThat(bed.clientResult().failure()).isEqualTo(NO_ANSWER);
    }

    @Test
    void aClientThatIsResetInsteadOfAnsweredSaysTheSame() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            bed.dial("localhost", server.getLocalPort(), TlsBed.LONG);
            Socket accepted = server.accept();
            assertThat(accepted.getInputStream().read()).isEqualTo(22);
            accepted.setSoLinger(true, 0);
            accepted.close();
            assertThat(bed.clientResult().failure()).isEqualTo(NO_ANSWER);
        }
    }

    /** Has the client dial a server that waits for its greeting, sends the given answer and ends. */
    private void answerWith(byte[] answer) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            bed.dial("localhost", server.getLocalPort(), TlsBed.LONG);
            try (Socket accepted = server.accept()) {
                java.nio.ByteBuffer first = java.nio.ByteBuffer.allocate(2);
                first.put((byte) accepted.getInputStream().read());
                first.put((byte) accepted.getInputStream().read());
                assertThat(TlsRecords.looksLikeTls(first.flip())).isTrue();
                accepted.getInputStream().skip(accepted.getInputStream().available());
                accepted.getOutputStream().write(answer);
                accepted.shutdownOutput();
                accepted.getInputStream().readAllBytes();
            }
        }
    }

    @Test
    void aSilentPeerIsGivenUpByTheDeadline() throws IOException {
        bed.serverTimeout = Duration.ofMillis(200);
        try (Socket socket = plainSocket()) {
            assertThat(bed.serverResult().failure()).isEqualTo("the client said nothing in TLS within 200ms");
            assertThat(readEnd(socket)).isTrue();
        }
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            bed.dial("localhost", server.getLocalPort(), Duration.ofMillis(200));
            assertThat(bed.clientResult().failure()).isEqualTo("the server said nothing in TLS within 200ms");
        }
    }

    private static boolean readEnd(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return e.getMessage().contains("reset");
        }
    }

    @Test
    void aPeerThatStopsInTheMiddleIsGivenUpByTheDeadline() throws IOException {
        bed.serverTimeout = Duration.ofMillis(500);
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            assertThat(bed.serverResult().failure())
                    .isEqualTo("the TLS handshake with the client was not complete within 500ms");
        }
    }

    @Test
    void aPeerThatGoesInTheMiddleIsToldFromOneThatIsSilent() throws IOException {
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            socket.shutdownOutput();
            assertThat(bed.serverResult().failure())
                    .isEqualTo("the client closed the connection during the TLS handshake");
        }
    }

    @Test
    void aFailureOfThisSidesSettingsIsSaid() {
        bed.server = new TlsSettings(
                () -> {
                    throw new IllegalStateException("no such bundle");
                },
                false);
        bed.dial();
        assertThat(bed.serverResult().failure()).isEqualTo("TLS cannot be set up on this side: no such bundle");
        assertThat(bed.clientResult().failure()).isNotEmpty();
    }

    @Test
    void handshakesEndWhenNoThreadTakesTheirTasks() {
        bed.resources.close();
        bed.dial();
        assertThat(bed.serverResult().failure()).isEqualTo("too many TLS handshakes at a time on this side");
        assertThat(bed.clientResult().failure()).isNotEmpty();
    }

    @Test
    void anAbortedHandshakeIsToldOnceAndLeavesNothing() throws IOException {
        try (Socket socket = plainSocket()) {
            await().until(() -> bed.serverHandshake != null);
            bed.serverLoop().execute(bed.serverHandshake::abort);
            bed.serverLoop().execute(bed.serverHandshake::abort);
            assertThat(bed.serverResult().failure()).isEqualTo("this side ended the TLS handshake");
            assertThat(readEnd(socket)).isTrue();
        }
    }

    @Test
    void manyHandshakesAtATimeSucceed() {
        for (int i = 0; i < 100; i++) {
            bed.dial();
        }
        for (int i = 0; i < 100; i++) {
            bed.clientResult().up();
            bed.serverResult().up();
        }
    }
}
