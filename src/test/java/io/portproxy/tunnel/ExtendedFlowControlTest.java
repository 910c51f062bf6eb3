package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Encryption;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Standstill;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests a stream that nobody reads beside a busy one, with both roles. The tests count the bytes that have moved. */
@ParameterizedClass
@EnumSource
class ExtendedFlowControlTest {
    private static final int MIB = 1 << 20;
    private static final int WINDOW = MIB;
    private static final int BUSY = 64 * MIB;
    private static final int STALLED = 48 * MIB;

    /** The most bytes that a stream can take: its window, and what the small buffers of four sockets hold as the kernel sizes them. */
    private static final int MOST_TAKEN = WINDOW + 16 * MIB;

    private static final int SMALL = 32 * 1024;

    private final Encryption encryption;
    private final Target echo = Target.echo();
    private final Target source = new Target(ExtendedFlowControlTest::send);
    private ServerSocket quiet;
    private ServerUnderTest server;
    private ClientUnderTest client;

    ExtendedFlowControlTest(Encryption encryption) {
        this.encryption = encryption;
    }

    /** Sends as many MiB as the first byte says. Each MiB is the same. */
    private static void send(Socket socket) throws IOException {
        int mebibytes = socket.getInputStream().read();
        byte[] chunk = Bytes.random(1, MIB);
        for (int i = 0; i < mebibytes; i++) {
            socket.getOutputStream().write(chunk);
        }
    }

    @BeforeEach
    void start() throws Exception {
        quiet = new ServerSocket();
        quiet.setReceiveBufferSize(SMALL);
        quiet.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TunnelSettings settings = limits();
        server = new ServerUnderTest(encryption.of(
                TestSettings.server(ExtendedSettings.remote("r", echo.port(), source.port(), quiet.getLocalPort()))
                        .withTunnel(settings)));
        client = client(server, settings);
        client.awaitConnected(server);
    }

    private ClientUnderTest client(ServerUnderTest ofServer, TunnelSettings settings) throws Exception {
        return new ClientUnderTest(encryption.of(
                ExtendedSettings.client("r", ofServer.tunnelAddress()).withTunnel(settings)));
    }

    private static TunnelSettings limits() {
        // The stall timeout must not matter, because a stalled stream disturbs nobody.
        return TestSettings.tunnel(
                TestSettings.LIMITS.withStallTimeout(Duration.ofSeconds(1)).withMaxWindow(WINDOW));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        quiet.close();
        source.close();
        echo.close();
    }

    private Socket smallUser(int index) throws IOException {
        Socket user = new Socket();
        user.setReceiveBufferSize(SMALL);
        user.setSendBufferSize(SMALL);
        user.connect(server.exposed(index));
        return user;
    }

    /** Downloads from the source target and checks each byte. */
    private void download(Socket user, int mebibytes) throws IOException {
        byte[] expected = Bytes.random(1, MIB);
        InputStream in = user.getInputStream();
        for (int i = 0; i < mebibytes; i++) {
            assertThat(in.readNBytes(MIB)).isEqualTo(expected);
        }
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void aBusyDownloadMovesBesideAUserWhoDoesNotReadAndWhoGetsEverythingLater() throws Exception {
        AtomicLong taken = new AtomicLong();
        try (Target counted = new Target(socket -> sendCounted(socket, taken));
                ServerUnderTest ownServer = new ServerUnderTest(
                        encryption.of(TestSettings.server(ExtendedSettings.remote("r", counted.port(), source.port()))
                                .withTunnel(limits())));
                ClientUnderTest ownClient = client(ownServer, limits())) {
            await().until(ownClient::connected);
            try (Socket stalled = new Socket()) {
                stalled.setReceiveBufferSize(SMALL);
                stalled.connect(ownServer.exposed(0));
                Standstill.await(taken::get);
                try (Socket busy = new Socket()) {
                    busy.connect(ownServer.exposed(1));
                    busy.getOutputStream().write(BUSY / MIB);
                    download(busy, BUSY / MIB);
                }
                assertThat(taken.get()).isBetween(256L * 1024, (long) MOST_TAKEN);
                download(stalled, STALLED / MIB);
                assertThat(taken.get()).isEqualTo(STALLED);
            }
        }
    }

    private static void sendCounted(Socket socket, AtomicLong taken) throws IOException {
        socket.setSendBufferSize(SMALL);
        byte[] chunk = Bytes.random(1, MIB);
        for (int i = 0; i < STALLED / 4096; i++) {
            socket.getOutputStream().write(chunk, i * 4096 % MIB, 4096);
            taken.addAndGet(4096);
        }
    }

    @Test
    void aBusyUploadMovesBesideATargetThatDoesNotReadAndThatGetsEverythingLater() throws Exception {
        AtomicLong taken = new AtomicLong();
        try (Socket stalled = smallUser(2);
                Socket served = quiet.accept()) {
            Thread sender = new Thread(() -> uploadCounted(stalled, taken));
            sender.start();
            Standstill.await(taken::get);
            try (Socket busy = new Socket()) {
                busy.connect(server.exposed(0));
                echoes(busy, BUSY / MIB);
            }
            assertThat(taken.get()).isBetween(256L * 1024, (long) MOST_TAKEN);
            download(served, STALLED / MIB);
            sender.join();
            assertThat(taken.get()).isEqualTo(STALLED);
        }
    }

    private static void uploadCounted(Socket socket, AtomicLong taken) {
        byte[] chunk = Bytes.random(1, MIB);
        try {
            for (int i = 0; i < STALLED / 4096; i++) {
                socket.getOutputStream().write(chunk, i * 4096 % MIB, 4096);
                taken.addAndGet(4096);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            taken.set(-1);
        }
    }

    /** Sends to the echo target and, at the same time, reads what comes back. */
    private static void echoes(Socket user, int mebibytes) throws Exception {
        byte[] chunk = Bytes.random(1, MIB);
        Thread sender = new Thread(() -> {
            try {
                OutputStream out = user.getOutputStream();
                for (int i = 0; i < mebibytes; i++) {
                    out.write(chunk);
                }
                user.shutdownOutput();
            } catch (IOException e) {
                // In this case too few bytes come back.
            }
        });
        sender.start();
        for (int i = 0; i < mebibytes; i++) {
            assertThat(user.getInputStream().readNBytes(MIB)).isEqualTo(chunk);
        }
        assertThat(user.getInputStream().read()).isEqualTo(-1);
        sender.join();
    }

    @Test
    void aTargetsRstReachesAUserWhoseBytesItDoesNotRead() throws Exception {
        AtomicLong taken = new AtomicLong();
        try (Socket stalled = smallUser(2)) {
            Socket served = quiet.accept();
            Thread sender = new Thread(() -> uploadCounted(stalled, taken));
            sender.start();
            Standstill.await(taken::get);
            served.setSoLinger(true, 0);
            served.close();
            sender.join();
            assertThat(taken.get()).isEqualTo(-1);
        }
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            user.send(Bytes.of("on"));
            user.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        }
    }
}
