package io.portproxy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.config.Started;
import io.portproxy.manage.FileReload;
import io.portproxy.server.ProxyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class DemoTest {
    @TempDir
    private Path folder;

    @Test
    void carriesBytesAndRequestsToItsTargetsAndSaysWhatToTry(CapturedOutput output) throws IOException {
        String[] options = options();
        try (ConfigurableApplicationContext demo = Started.with(folder, "", options)) {
            List<InetSocketAddress> exposed = demo.getBean(ProxyServer.class).exposedAddresses();

            await().untilAsserted(() -> assertThat(echo(exposed.get(1))).isEqualTo("hello"));
            assertThat(get(exposed.get(0)))
                    .contains("GET /hello?x=y")
                    .contains("Host: 127.0.0.1:" + httpPort(options) + "\n")
                    .containsIgnoringCase("X-Forwarded-For: 127.0.0.1\n")
                    .containsIgnoringCase(
                            "X-Forwarded-Host: 127.0.0.1:" + exposed.get(0).getPort() + "\n")
                    .containsIgnoringCase("X-Forwarded-Proto: http\n");
            assertThat(output).contains("Try:", "curl http://127.0.0.1:0/", "nc 127.0.0.1 0", "Ctrl-C");
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("demo-")));
    }

    @Test
    void isBusyByItselfUntilItStops(CapturedOutput output) throws IOException {
        String[] options = Stream.concat(
                        Stream.of("--portproxy.demo.traffic=true"),
                        Stream.of(options()).filter(option -> !option.contains("traffic")))
                .toArray(String[]::new);
        try (ConfigurableApplicationContext demo = Started.with(folder, "", options)) {
            await().untilAsserted(() -> assertThat(demo.getBean(ProxyServer.class).remotes().stream()
                            .flatMap(remote -> remote.ports().stream())
                            .map(port -> port.streams()))
                    .hasSize(2)
                    .allMatch(streams -> streams.live() > 0 && streams.bytesIn() > 0 && streams.bytesOut() > 0));
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("demo-")));
        assertThat(output).doesNotContain("WARN", "ERROR");
    }

    @Test
    void filesThatAreReadAgainLeaveItsTokenAsItIs() throws IOException {
        try (ConfigurableApplicationContext demo = Started.with(folder, "", options())) {
            FileReload.Result result = demo.getBean(FileReload.class).reload();

            assertThat(result.change().isNothing()).isTrue();
            assertThat(result.restart()).isEmpty();
        }
    }

    @Test
    void makesATokenAnewAtEachStart(CapturedOutput output) throws IOException {
        List<String> tokens = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            try (ConfigurableApplicationContext demo = Started.with(folder, "", options())) {
                String token = demo.getEnvironment().getProperty("portproxy.client.token");
                assertThat(token)
                        .matches("[0-9a-f]{64}")
                        .isEqualTo(demo.getEnvironment().getProperty("portproxy.server.proxy[0].tokens[0]"));
                tokens.add(token);
            }
        }

        assertThat(tokens).doesNotHaveDuplicates();
        assertThat(output).doesNotContain(tokens);
    }

    @Test
    void namesThePropertyOfATargetsPortThatIsTaken() throws IOException {
        String[] options = options();
        try (ServerSocket taken = new ServerSocket(httpPort(options), 1, InetAddress.getLoopbackAddress())) {
            FailureAnalysis report = Started.failure(folder, "", options);

            assertThat(report.getDescription())
                    .contains("portproxy.demo.http-port: " + taken.getLocalPort(), "is in use");
        }
    }

    @Test
    void namesThePropertyOfAnExposedPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String[] options = Stream.concat(
                            Stream.of(options()).filter(option -> !option.contains("exposed-tcp")),
                            Stream.of("--portproxy.demo.exposed-tcp=127.0.0.1:" + taken.getLocalPort()))
                    .toArray(String[]::new);

            FailureAnalysis report = Started.failure(folder, "", options);

            assertThat(report.getDescription())
                    .contains("portproxy.server.proxy[0].port-list[1].bind: 127.0.0.1:" + taken.getLocalPort());
            assertThat(report.getAction()).contains("the value comes from portproxy.demo.exposed-tcp");
        }
    }

    @Test
    void refusesAPortThatIsNone() {
        FailureAnalysis report = Started.failure(
                folder,
                "",
                "--spring.profiles.active=demo",
                "--logging.level.root=off",
                "--portproxy.demo.echo-port=0");

        assertThat(report.getDescription()).contains("portproxy.demo.echo-port: 0", "out of range");
    }

    /** Returns options with free ports, so that the demonstration's own ports need not be free. */
    private static String[] options() throws IOException {
        List<Integer> ports = freePorts(3);
        return new String[] {
            "--spring.profiles.active=demo",
            "--portproxy.workers=1",
            "--portproxy.shutdown-grace=0",
            "--portproxy.demo.traffic=false",
            "--portproxy.demo.exposed-http=127.0.0.1:0",
            "--portproxy.demo.exposed-tcp=127.0.0.1:0",
            "--portproxy.demo.tunnel=127.0.0.1:" + ports.get(0),
            "--portproxy.demo.echo-port=" + ports.get(1),
            "--portproxy.demo.http-port=" + ports.get(2)
        };
    }

    private static int httpPort(String... options) {
        String last = options[options.length - 1];
        return Integer.parseInt(last.substring(last.indexOf('=') + 1));
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        return ports;
    }

    private static String echo(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            return new String(socket.getInputStream().readNBytes(5), UTF_8);
        }
    }

    private static String get(InetSocketAddress address) {
        URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/hello?x=y");
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body)
                .join();
    }
}
