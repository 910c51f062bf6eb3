package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.events.EventListener;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.StoredRemote;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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

/** Tests that webhooks and listeners to events learn that another program uses an address. */
class BindRefusedTest {
    private static final String ROLE = "--spring.profiles.active=server";

    @TempDir
    private Path folder;

    private final MemoryStore store = new MemoryStore();
    private final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private ServerSocket other;
    private HttpServer receiver;
    private ConfigurableApplicationContext context;

    @BeforeEach
    void open() throws IOException {
        other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    @AfterEach
    void stop() throws IOException {
        if (context != null) {
            context.close();
        }
        receiver.stop(0);
        other.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        told.add(JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private String yaml(String remotes) {
        return AdminClient.USERS + """
                portproxy:
                  workers: 1
                  reload-interval: 0s
                  webhooks: [{name: on-call, url: "http://127.0.0.1:%d/hook", events: [bind-refused, remote-added]}]
                  server: {bind: "127.0.0.1:0", proxy: [%s]}
                """.formatted(receiver.getAddress().getPort(), remotes);
    }

    private void start(String remotes) {
        context = Started.withAdmin(folder, yaml(remotes), store, ROLE);
    }

    private String taken() {
        return "127.0.0.1:" + other.getLocalPort();
    }

    private String remoteAt(String bind) {
        return "{\"name\": \"shop\", \"ports\": [{\"bind\": \"%s\", \"remote\": 1}]}".formatted(bind);
    }

    private Answer post(String path, String body) throws Exception {
        return AdminClient.ALICE.sendJson(context, "POST", path, body);
    }

    private List<String> toldOf() {
        return told.stream()
                .map(each -> each.path("type").asString("") + " "
                        + each.path("data").path("port").asString(""))
                .toList();
    }

    private String refused() {
        return "io.portproxy.bind-refused " + taken();
    }

    private void awaitTold() {
        await().untilAsserted(() -> assertThat(toldOf()).containsExactly(refused()));
        assertThat(told.get(0).path("data").path("message").asString("")).contains("in use");
    }

    @Test
    void aChangeWhosePortIsTakenIsTold() throws Exception {
        start("");
        try (EventListener events = EventListener.open(context, "?type=bind-refused")) {
            assertThat(post("/api/v1/remotes", remoteAt(taken())).status()).isEqualTo(409);

            awaitTold();
            await().untilAsserted(() -> assertThat(events.received())
                    .extracting(each -> each.get("port"))
                    .containsExactly(taken()));
        }
    }

    @Test
    void aChangeOfAGatewayWhoseAddressIsTakenIsTold() throws Exception {
        start("");

        Answer answer = AdminClient.ALICE.sendJson(
                context, "PUT", "/api/v1/gateways/web", "{\"bind\": \"%s\"}".formatted(taken()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        awaitTold();
    }

    @Test
    void aChangeThatIsOnlyTriedIsNotTold() throws Exception {
        start("");

        assertThat(post("/api/v1/remotes?dry-run=true", remoteAt(taken())).status())
                .isEqualTo(409);
        assertThat(post("/api/v1/remotes", remoteAt("127.0.0.1:0")).status()).isEqualTo(201);

        await().untilAsserted(() -> assertThat(toldOf()).containsExactly("io.portproxy.remote-added "));
    }

    @Test
    void aFileThatIsReadAgainIsToldOnceUntilItChanges() throws Exception {
        start("");
        Started.write(
                folder,
                "test.yml",
                yaml("{remote-name: shop, port-list: [{bind: '%s', remote: 1}]}".formatted(taken())));

        for (int i = 0; i < 3; i++) {
            assertThat(AdminClient.ALICE
                            .send(context, "POST", "/api/v1/config/reload")
                            .status())
                    .isEqualTo(422);
        }
        assertThat(post("/api/v1/remotes", remoteAt("127.0.0.1:0")).status()).isEqualTo(201);

        await().untilAsserted(() -> assertThat(toldOf()).containsExactly(refused(), "io.portproxy.remote-added "));
    }

    /** The server starts without this remote and tries again later. It reports this only once. */
    @Test
    void whatTheStoreHasIsToldOnceAtTheStart() {
        PortDefinition port = new PortDefinition("p", true, "tcp", taken(), "1");
        store.save(
                List.of(new StoredRemote(new RemoteDefinition("kept", "", true, false, List.of(port)), List.of())),
                List.of());

        start("{remote-name: home, port-list: [{bind: 0, remote: 1}]}");

        awaitTold();
        assertThat(context.getBean(ProxyServer.class).remotes())
                .extracting(remote -> remote.name())
                .containsExactly("home");
    }

    /** After a failed start, no running process could report why. */
    @Test
    void aStartThatFailsIsToldBeforeTheProcessEnds() {
        String shop = "{remote-name: shop, port-list: [{bind: '%s', remote: 1}]}".formatted(taken());

        assertThat(Started.failure(folder, yaml(shop), ROLE, "--portproxy.store=none")
                        .getDescription())
                .contains("is in use");

        assertThat(toldOf()).containsExactly(refused());
    }
}
