package io.portproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests users of a gateway with TLS who end both directions while the target still has something to send. TLS 1.2 always ends both
 * directions; in TLS 1.3, Java's sockets do so.
 */
class TlsLeaverIT {
    private static final String NAME = "leaver.dev.example";
    private static final int BYTES = 256 << 10;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void nobodyElseIsHeldUp(String version) throws Exception {
        CountDownLatch said = new CountDownLatch(1);
        try (Target target = new Target(socket -> serve(socket, said));
                ServerUnderTest server = server(target.port());
                ClientUnderTest client = new ClientUnderTest(Speech.EXTENDED.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);
            int port = server.role().gatewayAddresses().get(0).getPort();

            try (SSLSocket leaver = (SSLSocket) TestCertificates.context("", TestCertificates.CA)
                    .getSocketFactory()
                    .createSocket(new Socket(InetAddress.getLoopbackAddress(), port), NAME, port, false)) {
                leaver.setEnabledProtocols(new String[] {version});
                leaver.getOutputStream().write("""
                        GET /ws HTTP/1.1\r
                        Host: %s\r
                        Connection: Upgrade\r
                        Upgrade: test\r
                        \r
                        """.formatted(NAME).getBytes(ISO_8859_1));
                assertThat(leaver.getInputStream().read()).isEqualTo('H');
            }
            assertThat(said.await(20, TimeUnit.SECONDS)).isTrue();

            WebUser other = new WebUser(port, NAME, TestCertificates.context("", TestCertificates.CA));
            assertThat(WebUser.worksWith(200, other.get("/"))).isEqualTo("works");
        }
    }

    /** Answers a request. If it asks for an upgrade, waits until the user has closed and then sends many bytes. */
    private static void serve(Socket socket, CountDownLatch said) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        boolean upgrade = in.readLine().startsWith("GET /ws ");
        in.lines().takeWhile(line -> !line.isEmpty()).forEach(line -> {});
        String answer = upgrade
                ? "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        if (upgrade) {
            try {
                assertThat(in.read()).isEqualTo(-1);
                socket.getOutputStream().write(new byte[BYTES]);
            } finally {
                said.countDown();
            }
        }
    }

    private static ServerUnderTest server(int target) throws Exception {
        RemoteSettings remote = new RemoteSettings("r", Speech.EXTENDED.tokens(), List.of())
                .withHosts(List.of(TlsGateway.host(NAME, target, WebUnderTest.http(target))));
        return new ServerUnderTest(TestSettings.server(remote).withGateways(List.of(TlsGateway.settings())));
    }
}
