package io.portproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ProxyClient;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class RuntimeLifecycleTest {
    @TempDir
    private Path folder;

    @AfterEach
    void leavesNoEventLoop() {
        Started.awaitNoEventLoop();
    }

    @Test
    void runsBothRolesInOneProcessAndSaysWhatIsExposed(CapturedOutput output) throws IOException {
        try (Target target = Target.echo();
                ConfigurableApplicationContext server = server(target.port(), "");
                ConfigurableApplicationContext client = client(server)) {
            ProxyServer running = server.getBean(ProxyServer.class);
            InetSocketAddress exposed = running.exposedAddresses().get(0);
            await().until(client.getBean(ProxyClient.class)::connected);
            await().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(echoed(exposed)).isEqualTo("hello"));

            assertThat(output)
                    .contains("remotes connect to 127.0.0.1:"
                            + running.tunnelAddress().getPort())
                    .contains("127.0.0.1:" + exposed.getPort() + " is exposed (tcp) for port " + target.port()
                            + " of remote one")
                    .contains("remote one connects to 127.0.0.1:")
                    .doesNotContain("anybody", "not encrypted");
        }
    }

    @Test
    void carriesBytesOverTlsBetweenPeersThatHaveProvedThemselves(CapturedOutput output) throws IOException {
        String own = PemFiles.bundle(folder, "own", TestCertificates.SERVER, TestCertificates.CA);
        Path other = Files.createDirectory(folder.resolve("remote"));
        String others = PemFiles.bundle(other, "own", TestCertificates.CLIENT, TestCertificates.CA);
        try (Target target = Target.echo();
                ConfigurableApplicationContext server =
                        Started.with(folder, """
                        portproxy:
                          workers: 1
                          server:
                            bind: 127.0.0.1:0
                            ssl: {bundle: own, client-auth: need}
                            proxy: [{remote-name: home, tokens: [a-token-for-tests-1, a-token-for-tests-2],
                                     port-list: [{bind: 0, remote: 'localhost:%d'}]}]
                        """.formatted(target.port()) + own, "--spring.profiles.active=server");
                ConfigurableApplicationContext client = Started.with(
                        folder, """
                        portproxy:
                          workers: 1
                          client:
                            name: home
                            server: 127.0.0.1:%d
                            token: a-token-for-tests-2
                            tunnels: 2
                            allow: ['localhost:*']
                            ssl: {bundle: own}
                        """.formatted(tunnelPort(server)) + others, "--spring.profiles.active=client")) {
            InetSocketAddress exposed =
                    server.getBean(ProxyServer.class).exposedAddresses().get(0);
            await().until(client.getBean(ProxyClient.class)::connected);

            await().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(echoed(exposed)).isEqualTo("hello"));
        }
        assertThat(output).contains("(TLS)").doesNotContain("a-token-for-tests");
    }

    @Test
    void letsStreamsEndWithinTheGraceAndAcceptsNoNewOnes() throws Exception {
        try (Target target = Target.echo();
                ConfigurableApplicationContext server = server(target.port(), "--portproxy.shutdown-grace=30s");
                ConfigurableApplicationContext client = client(server)) {
            InetSocketAddress exposed =
                    server.getBean(ProxyServer.class).exposedAddresses().get(0);
            await().until(client.getBean(ProxyClient.class)::connected);
            await().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(echoed(exposed)).isEqualTo("hello"));
            CompletableFuture<Void> stopped;
            try (Socket user = connected(exposed)) {
                assertThat(echoed(user)).isEqualTo("hello");

                stopped = CompletableFuture.runAsync(server::close);

                await().untilAsserted(() ->
                        assertThatThrownBy(() -> connected(exposed).close()).isInstanceOf(ConnectException.class));
                assertThat(echoed(user)).as("still served").isEqualTo("hello");
                assertThat(stopped).isNotDone();
            }
            await().until(stopped::isDone);
            stopped.join();
        }
    }

    @Test
    void resetsStreamsWhenTheGraceIsOver() throws Exception {
        try (Target target = Target.echo();
                ConfigurableApplicationContext server = server(target.port(), "--portproxy.shutdown-grace=0s");
                ConfigurableApplicationContext client = client(server)) {
            InetSocketAddress exposed =
                    server.getBean(ProxyServer.class).exposedAddresses().get(0);
            await().until(client.getBean(ProxyClient.class)::connected);
            await().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(echoed(exposed)).isEqualTo("hello"));
            try (Socket user = connected(exposed)) {
                assertThat(echoed(user)).isEqualTo("hello");

                CompletableFuture.runAsync(server::close).join();

                assertThatThrownBy(() -> user.getInputStream().read())
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("reset");
            }
        }
    }

    private ConfigurableApplicationContext server(int targetPort, String option) {
        return Started.with(folder, """
                portproxy:
                  workers: 1
                  server:
                    bind: 127.0.0.1:0
                    proxy: [{remote-name: one, port-list: [{bind: 0, remote: %d}]}]
                """.formatted(targetPort), "--spring.profiles.active=server", option);
    }

    private ConfigurableApplicationContext client(ConfigurableApplicationContext server) {
        return Started.with(
                folder,
                "portproxy: {workers: 1, client: {name: one, server: '127.0.0.1:" + tunnelPort(server) + "'}}",
                "--spring.profiles.active=client");
    }

    private static int tunnelPort(ConfigurableApplicationContext server) {
        return server.getBean(ProxyServer.class).tunnelAddress().getPort();
    }

    private static Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String echoed(InetSocketAddress address) throws IOException {
        try (Socket socket = connected(address)) {
            return echoed(socket);
        }
    }

    private static String echoed(Socket socket) throws IOException {
        socket.getOutputStream().write("hello".getBytes(UTF_8));
        return new String(socket.getInputStream().readNBytes(5), UTF_8);
    }
}
