package io.portproxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.TransportEnd;
import io.portproxy.testing.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a server against clients that do what is allowed but rare, and what is not allowed. */
class TlsAttackTest {
    private final TlsBed bed = new TlsBed();
    private SSLContext context;

    @BeforeEach
    void aClientOfTheJdk() {
        context = TestCertificates.context("", TestCertificates.CA);
    }

    @AfterEach
    void nothingIsLeft() {
        bed.close();
    }

    private SSLSocket tlsSocket(String protocol) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), bed.port());
        socket.setEnabledProtocols(new String[] {protocol});
        socket.setSoTimeout(30_000);
        return socket;
    }

    private Socket plainSocket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), bed.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void keysAreUpdatedInTheMiddleOfTrafficBothWays() throws Exception {
        byte[] up = bytes(2_000_000);
        byte[] down = bytes(3_000_000);
        try (SSLSocket socket = tlsSocket("TLSv1.3")) {
            socket.startHandshake();
            TransportEnd server = bed.serverResult().up();
            server.send(down);
            CompletableFuture<byte[]> got = CompletableFuture.supplyAsync(() -> read(socket, down.length));
            for (int at = 0; at < up.length; at += 100_000) {
                socket.startHandshake(); // with TLS 1.3 this asks for new keys of both sides
                socket.getOutputStream().write(up, at, 100_000);
            }
            server.awaitReceived(up.length);
            assertThat(Arrays.equals(server.received(), up)).isTrue();
            assertThat(Arrays.equals(got.get(), down)).isTrue();
        }
    }

    private static byte[] read(Socket socket, int length) {
        try {
            return socket.getInputStream().readNBytes(length);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void renegotiationIsRefusedWhileBytesFlow() throws IOException {
        try (SSLSocket socket = tlsSocket("TLSv1.2")) {
            socket.startHandshake();
            TransportEnd server = bed.serverResult().up();
            socket.getOutputStream().write(1);
            server.awaitReceived(1);
            server.send(bytes(1_000_000));
            socket.startHandshake();
            try {
                socket.getOutputStream().write(2); // the next write or read begins the handshake
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
            assertThat(server.ended()).isEqualTo("it wants to renegotiate TLS, which is refused");
        }
    }

    @Test
    void aJdkClientsCloseIsAnEnd() throws IOException {
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            TransportEnd server;
            try (SSLSocket socket = tlsSocket(protocol)) {
                socket.startHandshake();
                server = bed.serverResult().up();
                socket.getOutputStream().write("bye".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(server.ended()).isEqualTo("clean");
            assertThat(server.received()).asString().isEqualTo("bye");
        }
    }

    @Test
    void aRecordThatWasChangedEndsTheStreamBehindWhatCameBefore() throws IOException {
        try (Socket raw = plainSocket()) {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", bed.port(), false);
            socket.startHandshake();
            TransportEnd server = bed.serverResult().up();
            socket.getOutputStream().write(bytes(10));
            raw.getOutputStream().write(new byte[] {23, 3, 3, 0, 20});
            raw.getOutputStream().write(bytes(20));
            assertThat(server.ended()).startsWith("TLS with the client failed: ");
            assertThat(server.received()).isEqualTo(bytes(10));
        }
    }

    @Test
    void aRecordThatIsTooLongIsRefused() throws IOException {
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(new byte[] {22, 3, 3, 0x7F, (byte) 0xFF});
            assertThat(bed.serverResult().failure())
                    .isEqualTo(
                            "the TLS handshake with the client broke off: a TLS record of 32767 bytes, which is too long");
        }
        try (Socket raw = plainSocket()) {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", bed.port(), false);
            socket.startHandshake();
            TransportEnd server = bed.serverResult().up();
            raw.getOutputStream().write(new byte[] {23, 3, 3, 0x44, 0});
            assertThat(server.ended()).isEqualTo("a TLS record of 17408 bytes, which is too long");
        }
    }

    @Test
    void aHandshakeThatTheClientCancelsIsNotTakenForOneThatIsDone() throws IOException {
        bed.server = TlsBed.mutual(TlsBed.settings(TestCertificates.SERVER, TestCertificates.CA));
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(clientHello());
            socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 1, 90}); // user_canceled
            socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 1, 0}); // close_notify
            assertThat(bed.serverResult().failure()).startsWith("the ");
        }
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 1, 90});
            socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 1, 0});
            assertThat(bed.serverResult().failure()).startsWith("the ");
        }
    }

    private byte[] clientHello() throws SSLException {
        SSLEngine engine = context.createSSLEngine("localhost", bed.port());
        engine.setUseClientMode(true);
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        engine.wrap(ByteBuffer.allocate(0), hello);
        byte[] bytes = new byte[hello.flip().remaining()];
        hello.get(bytes);
        return bytes;
    }

    /** Tests that a handshake ends and the loop lives, whatever a client sends. */
    @Test
    void noGarbledHandshakeHangsOrSucceeds() throws IOException {
        Random random = new Random(42);
        for (int i = 0; i < 200; i++) {
            byte[] hello = clientHello();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                hello[(random.nextInt(3) == 0 ? 5 : 1) + random.nextInt(hello.length - 5)] = (byte) random.nextInt(256);
            }
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            said.write(hello);
            for (int n = random.nextInt(4); n > 0; n--) {
                byte[] body = bytes(random.nextInt(100));
                said.write(new byte[] {(byte) (20 + random.nextInt(5)), 3, 3, 0, (byte) body.length});
                said.write(body);
            }
            try (Socket socket = plainSocket()) {
                socket.getOutputStream().write(said.toByteArray());
                socket.shutdownOutput();
                drain(socket.getInputStream());
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("re"); // "Connection reset", "Broken pipe"
            }
            assertThat(bed.serverResult().failure()).isNotEmpty();
        }
    }

    private static void drain(InputStream in) throws IOException {
        new DataInputStream(in).transferTo(java.io.OutputStream.nullOutputStream());
    }

    @Test
    void hundredsOfHalfFinishedHandshakesHoldNoBuffersOfTheLoops() throws IOException {
        Socket[] sockets = new Socket[300];
        byte[] hello = clientHello();
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = plainSocket();
            sockets[i].getOutputStream().write(hello, 0, i % 2 == 0 ? hello.length : 100);
        }
        for (int i = 0; i < sockets.length; i += 2) {
            assertThat(sockets[i].getInputStream().read()).isEqualTo(22); // the server's part of the handshake
        }
        await().until(() -> bed.loopBuffersInUse() == 0);
        for (Socket socket : sockets) {
            socket.close();
        }
        for (int i = 0; i < sockets.length; i++) {
            assertThat(bed.serverResult().failure()).isNotEmpty();
        }
    }
}
