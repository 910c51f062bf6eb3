package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portproxy.admin.AdminClient;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests what a server's webhook sends about quotas and certificates. */
class ServerEventsTest {
    @TempDir
    private Path folder;

    private final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private ConfigurableApplicationContext context;

    @BeforeEach
    void open() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    @AfterEach
    void stop() {
        if (context != null) {
            context.close();
        }
        receiver.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        told.add(JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private void start(String port, String more) {
        String yaml = AdminClient.USERS + """
                portproxy:
                  workers: 1
                  webhooks:
                    - name: on-call
                      url: "http://127.0.0.1:%d/hook"
                      events: [quota-warning, quota-exceeded, certificate-failed]
                  server: {bind: "127.0.0.1:0", proxy: [{remote-name: home, port-list: [%s]}]}
                """.formatted(receiver.getAddress().getPort(), port) + more.indent(2);
        context = Started.withAdmin(folder, yaml, new MemoryStore(), "--spring.profiles.active=server");
    }

    private List<String> toldOf() {
        return told.stream()
                .map(each -> each.path("type").asString("") + " "
                        + each.path("data").path("remote").asString(""))
                .toList();
    }

    private String message(int index) {
        return told.get(index).path("data").path("message").asString("");
    }

    @Test
    void aQuotaIsToldWhenLittleIsLeftAndWhenItIsUsedUp() throws Exception {
        try (Target echo = Target.echo()) {
            start(
                    "{bind: 0, remote: %d, quota: {bytes: 1MB, per: month}}".formatted(echo.port()),
                    "usage: {interval: 100ms}\n");
            ProxyServer server = context.getBean(ProxyServer.class);
            try (ClientUnderTest client = new ClientUnderTest(Speech.CLASSIC.client("home", server.tunnelAddress()))) {
                await().until(client::connected);
                await().until(() -> server.remotes().stream()
                        .anyMatch(remote -> !remote.tunnels().isEmpty()));
                PlainSocket user = PlainSocket.connect(server.exposedAddresses().get(0));
                user.send(new byte[430_000]);
                await().untilAsserted(() -> assertThat(toldOf()).containsExactly("io.portproxy.quota-warning home"));
                assertThat(message(0)).contains("per month has reached 80 %");

                user.send(new byte[100_000]);
                await().untilAsserted(() -> assertThat(toldOf())
                        .containsExactly("io.portproxy.quota-warning home", "io.portproxy.quota-exceeded home"));
                assertThat(message(1)).contains("is used up");
                user.close();
            }
        }
    }

    @Test
    void aCertificateThatCannotBeOrderedIsTold() {
        start("{bind: 0, remote: 1}", """
                data: "%s"
                acme:
                  terms-accepted: true
                  directory: https://127.0.0.1:1/directory
                  names: [proxy.example.com]
                  http-bind: 127.0.0.1:0
                  retry-initial: 1h
                """.formatted(folder));

        await().untilAsserted(() -> assertThat(toldOf()).containsExactly("io.portproxy.certificate-failed "));
        assertThat(message(0)).startsWith("proxy.example.com: ");
    }
}
