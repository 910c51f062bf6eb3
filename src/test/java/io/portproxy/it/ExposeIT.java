package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.portproxy.testing.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the built jar exposes a web server with one command, by a template of the proxy server. */
class ExposeIT {
    private static final String TOKEN = "a-token-of-developers";
    private static final Pattern LINE = Pattern.compile("tcp://127\\.0\\.0\\.1:(\\d+) -> 127\\.0\\.0\\.1:(\\d+)");
    private static final int WRONG_CONFIGURATION = 78;

    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static HttpServer target;
    private static int tunnel;
    private static Child server;

    @BeforeAll
    static void start() throws Exception {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        target.start();
        tunnel = FreePorts.find();
        Path configuration = Files.writeString(folder.resolve("server.yml"), """
                portproxy:
                  store: none
                  server:
                    bind: 127.0.0.1:%d
                    proxy:
                      - remote-name: "dev-*"
                        tokens: [%s]
                        grants: {ports: 27000-27099, max: 2}
                """.formatted(tunnel, TOKEN));
        server = PortProxy.start(children, "server", configuration, PortProxy.WITHOUT_ADMIN);
        server.awaitOutput(PortProxy.STARTED);
    }

    @AfterAll
    static void stop() {
        target.stop(0);
    }

    private static Child expose(String name, String... options) throws IOException {
        List<String> command = PortProxy.command();
        command.remove(command.size() - 1); // an option of Spring Boot, which must not precede a command
        command.addAll(List.of(
                "expose",
                String.valueOf(target.getAddress().getPort()),
                "--server=127.0.0.1:" + tunnel,
                "--name=" + name));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PORTPROXY_TOKEN", TOKEN);
        return children.start(builder);
    }

    private static int port(Child expose) {
        expose.awaitOutput(" -> ");
        Matcher line = LINE.matcher(expose.output());
        assertThat(line.find()).as(expose.output()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    @Test
    void curlReachesATargetAtTheAddressThatIsPrinted() throws Exception {
        Path curl = Programs.require(ExposeIT.class, "curl");

        Child first = expose("dev-ann");
        int port = port(first);

        assertThat(port).isBetween(27000, 27099);
        String url = "http://127.0.0.1:" + port + "/";
        assertThat(children.run(curl, "--silent", "--show-error", "--fail", "--noproxy", "*", url))
                .isEqualTo("hello");

        first.kill();
        Child second = expose("dev-ann", "-o", "json");
        second.awaitOutput("\"port\":" + port + "}");
        assertThat(children.run(curl, "--silent", "--show-error", "--fail", "--noproxy", "*", url))
                .isEqualTo("hello");
        assertThat(second.output().lines()).as("nothing but its result").hasSize(1);
        assertThat(server.output()).contains("may ask for ports 27000-27099").doesNotContain(TOKEN);
        PortProxy.assertNothingWentWrong(server);
    }

    @Test
    void endsWithTheReasonWhenAWishIsRefused() throws Exception {
        Child refused = expose("dev-bob", "--port=80");

        assertThat(refused.awaitExit()).isEqualTo(WRONG_CONFIGURATION);
        assertThat(refused.output()).contains("is not exposed: port 80 is not granted to this remote; 27000-27099 are");
        PortProxy.assertNothingWentWrong(refused);
    }
}
