package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Encryption;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests TLS handshakes that peers begin and do not finish. */
class TlsGreetingAttacksTest {
    private static final int MANY = 1000;

    private final List<Socket> attackers = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket attacker : attackers) {
            attacker.close();
        }
    }

    private static ServerUnderTest server(Duration timeout) throws Exception {
        ServerSettings settings = TestSettings.server(ExtendedSettings.remote("r", 7));
        return new ServerUnderTest(Encryption.TLS.of(settings.withGreetings(timeout, 1024)));
    }

    private static byte[] clientHello() throws SSLException {
        SSLEngine engine = TestCertificates.context("", TestCertificates.CA).createSSLEngine("localhost", 1);
        engine.setUseClientMode(true);
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    /** Starts handshakes. Of every three, one sends nothing, one half of a ClientHello, and one a whole ClientHello and nothing more. */
    private void attack(ServerUnderTest server) throws IOException {
        byte[] hello = clientHello();
        for (int i = 0; i < MANY; i++) {
            Socket attacker = new Socket(
                    server.tunnelAddress().getAddress(), server.tunnelAddress().getPort());
            attackers.add(attacker);
            attacker.getOutputStream().write(hello, 0, i % 3 * hello.length / 2);
        }
    }

    private static void assertTakesRemotes(ServerUnderTest server) throws Exception {
        try (TestRemote good =
                TestRemote.greeted(Encryption.TLS.connect(server.tunnelAddress()), 1, 0, "r", ExtendedSettings.TOKEN)) {
            good.peer().send(Instruction.ping(1));
            assertThat(good.peer().nextOf(0x001B)).isEqualTo(Instruction.pong(1));
        }
    }

    @Test
    void aThousandHalfFinishedHandshakesDoNotKeepAGoodRemoteOut() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = server(Duration.ofMinutes(10))) {
            attack(server);
            assertTakesRemotes(server);
            assertThat(log.linesWith("refused")).isEmpty();
        }
    }

    @Test
    void aThousandHalfFinishedHandshakesAreDroppedAtTheDeadline() throws Exception {
        try (ServerUnderTest server = server(Duration.ofSeconds(2))) {
            attack(server);
            assertThat(attackers).allSatisfy(TlsGreetingAttacksTest::awaitEnd);
            // On a busy machine the deadline can be too short for a good handshake, too, but not every time.
            await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> assertTakesRemotes(server));
        }
    }

    /** Reads the server's answer up to its end, which can be a FIN or a RST. */
    private static void awaitEnd(Socket attacker) {
        try {
            attacker.setSoTimeout(20_000);
            assertThat(attacker.getInputStream().readAllBytes()).hasSizeLessThan(10_000);
        } catch (java.net.SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
