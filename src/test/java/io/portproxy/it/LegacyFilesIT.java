package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.portproxy.testing.Programs;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests the configuration files of the older program, read unchanged. */
class LegacyFilesIT {
    private static final String SERVER = """
            bind: 127.0.0.1:%d
            heartbeat_interval: 2
            idle_timeout: 20
            proxy:
              - remote_name: remote_client1
                port_list:
                  - type: http
                    bind: 127.0.0.1:%d
                    remote: %d
                  - type: tcp
                    bind: 127.0.0.1:%d
                    remote: %d
            """;
    private static final String CLIENT = """
            name: remote_client1
            server: 127.0.0.1:%d
            heartbeat_interval: 2
            idle_timeout: 20
            """;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private final Target echo = Target.echo();
    private HttpServer http;

    @BeforeEach
    void startHttp() throws IOException {
        http = HttpServer.create(TwoProcesses.address(0), 0);
        http.createContext("/", exchange -> {
            try (exchange) {
                byte[] host = exchange.getRequestHeaders().getFirst("Host").getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, host.length);
                exchange.getResponseBody().write(host);
            }
        });
        http.start();
    }

    @AfterEach
    void stopTargets() throws IOException {
        http.stop(0);
        echo.close();
    }

    @Test
    void configureBothRoles() throws Exception {
        Path curl = Programs.require(LegacyFilesIT.class, "curl");
        int tunnel = FreePorts.find();
        int httpPort = FreePorts.find();
        int tcpPort = FreePorts.find();
        int httpTarget = http.getAddress().getPort();

        Child server = start("server", SERVER.formatted(tunnel, httpPort, httpTarget, tcpPort, echo.port()));
        Child client = start("client", CLIENT.formatted(tunnel));

        server.awaitOutput("remote remote_client1 is connected from ");
        assertThat(children.run(curl, "--silent", "--show-error", "--noproxy", "*", "http://127.0.0.1:" + httpPort))
                .isEqualTo("127.0.0.1:" + httpPort);
        assertThat(EchoUser.isServed(tcpPort)).isTrue();
        PortProxy.assertNothingWentWrong(server);
        PortProxy.assertNothingWentWrong(client);
    }

    private Child start(String role, String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve(role + ".yaml"), yaml);
        return children.start(PortProxy.command(
                "--spring.profiles.active=" + role, "--portproxy.legacy-config=" + file, PortProxy.WITHOUT_ADMIN));
    }
}
