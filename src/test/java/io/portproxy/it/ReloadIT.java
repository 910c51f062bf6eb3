package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.PemFiles;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests a certificate that is renewed while the proxy server runs. */
class ReloadIT {
    private static final byte[] BEFORE = {1, 2, 3};
    private static final byte[] BEHIND = {4, 5, 6};

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    @Test
    void newTunnelsGetTheNewCertificateAndTheOldOnesStay() throws Exception {
        TwoProcesses processes = new TwoProcesses(children, folder, Way.EXTENDED_OVER_TLS)
                .serverOption("--spring.ssl.bundle.watch.file.quiet-period=500ms")
                .serverOption("--portproxy.server.on-duplicate=balance");
        try (RawTarget target = RawTarget.open();
                Target echo = Target.echo()) {
            InetSocketAddress exposed = TwoProcesses.address(processes.expose("tcp", target.port()));
            int echoPort = processes.expose("tcp", echo.port());
            TwoProcesses.Running running = processes.start();
            assertThat(served(processes.tunnel())).isEqualTo(TestCertificates.certificate(TestCertificates.SERVER));
            try (PlainSocket user = PlainSocket.connect(exposed)) {
                PlainSocket sender = target.accept();
                exchange(user, sender, BEFORE, 0);

                PemFiles.write(folder, "server", TestCertificates.SERVER_2, "");

                running.server().awaitOutput("SSL bundle server was reloaded");
                await().untilAsserted(() -> assertThat(served(processes.tunnel()))
                        .isEqualTo(TestCertificates.certificate(TestCertificates.SERVER_2)));
                startClientThatTrusts(processes, TestCertificates.SERVER_2).awaitOutput(PortProxy.UP);
                running.server().awaitOutput(PortProxy.CONNECTED, 2);
                exchange(user, sender, BEHIND, BEFORE.length);
                assertThat(user.end()).isEmpty();
            }
            for (int instance = 0; instance < 2; instance++) {
                assertThat(EchoUser.isServed(echoPort)).isTrue();
            }
            assertThat(running.server().countLines(PortProxy.DISCONNECTED)).isZero();
            running.assertNothingWentWrong();
        }
    }

    private static void exchange(PlainSocket one, PlainSocket other, byte[] bytes, int from) throws Exception {
        one.send(bytes);
        other.send(bytes);
        assertThat(one.awaitReceived(from + bytes.length)).endsWith(bytes);
        assertThat(other.awaitReceived(from + bytes.length)).endsWith(bytes);
    }

    /** Returns the certificate that the tunnel port shows to a new connection. */
    private static Certificate served(InetSocketAddress tunnel) throws IOException {
        SSLContext context = TestCertificates.context("", TestCertificates.CA);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(tunnel.getAddress(), tunnel.getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Starts a client that trusts only this certificate, not its authority. */
    private Child startClientThatTrusts(TwoProcesses processes, String certificate) throws IOException {
        PemFiles.write(folder, "newer", "", certificate);
        return processes.startClient(
                Map.of(), "--spring.ssl.bundle.pem.client.truststore.certificate=" + folder.resolve("newer.ca"));
    }
}
