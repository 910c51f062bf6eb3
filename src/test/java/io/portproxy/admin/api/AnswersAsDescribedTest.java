package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.AdminPair;
import io.portproxy.admin.SharedServer;
import io.portproxy.admin.events.EventListener;
import io.portproxy.admin.security.BrowserUser;
import io.portproxy.testing.PlainSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Tests that every answer of every operation matches the API's description, in each state of a remote. */
class AnswersAsDescribedTest {
    private static final Map<String, String> PATHS = Map.ofEntries(
            Map.entry("/api/v1/remotes", "/api/v1/remotes"),
            Map.entry("/api/v1/remotes/home", "/api/v1/remotes/{name}"),
            Map.entry("/api/v1/ports", "/api/v1/ports"),
            Map.entry("/api/v1/gateways", "/api/v1/gateways"),
            Map.entry("/api/v1/connections", "/api/v1/connections"),
            Map.entry("/api/v1/certificates", "/api/v1/certificates"),
            Map.entry("/api/v1/throughput", "/api/v1/throughput"),
            Map.entry("/api/v1/me", "/api/v1/me"),
            Map.entry("/api/v1/process", "/api/v1/process"),
            Map.entry("/api/v1/config", "/api/v1/config"),
            Map.entry("/api/v1/usage", "/api/v1/usage"));

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(
            "portproxy: {workers: 1, server: {bind: '127.0.0.1:0', gateways: [{name: web, bind: '127.0.0.1:0'}]}}");

    @TempDir
    private Path folder;

    private static void assertIsAsDescribed(Described api, String method, String template, Answer answer)
            throws Exception {
        String type = answer.type().replaceFirst(";.*", "");
        assertThat(api.errors(method, template, answer.status(), type, answer.body()))
                .as("%s %s: %s", method, template, answer.body())
                .isEmpty();
    }

    private static void assertAllAreAsDescribed(Described api, ConfigurableApplicationContext context)
            throws Exception {
        for (Map.Entry<String, String> path : PATHS.entrySet()) {
            assertIsAsDescribed(api, "GET", path.getValue(), AdminClient.BOB.get(context, path.getKey()));
        }
    }

    private static void assertIsDescribed(
            Described api,
            String method,
            String path,
            String template,
            AdminClient who,
            ConfigurableApplicationContext context,
            int status)
            throws Exception {
        Answer answer = who.send(context, method, path);
        assertThat(answer.status()).as("%s %s", method, path).isEqualTo(status);
        assertIsAsDescribed(api, method, template, answer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whileTheRemoteComesAndGoes(boolean classic) throws Exception {
        try (AdminPair pair = classic ? AdminPair.classic(folder) : new AdminPair(folder, List.of(), List.of())) {
            ConfigurableApplicationContext server = pair.server();
            Described api =
                    new Described(AdminClient.BOB.get(server, "/v3/api-docs").body());
            String port = "/api/v1/ports/" + pair.exposed().getPort();
            pair.awaitTunnel();
            String identity;
            try (PlainSocket user = PlainSocket.connect(pair.exposed());
                    PlainSocket serving = pair.target().accept()) {
                user.send(new byte[1000]);
                serving.awaitReceived(1000);
                await().until(() ->
                        AdminClient.BOB.get(server, "/api/v1/throughput").number("at.length()") > 0);
                identity = AdminClient.BOB.get(server, "/api/v1/connections").text("items[0].identity");
                for (ConfigurableApplicationContext end : List.of(server, pair.client())) {
                    assertAllAreAsDescribed(api, end);
                    assertIsDescribed(
                            api,
                            "GET",
                            "/api/v1/connections/" + identity,
                            "/api/v1/connections/{identity}",
                            AdminClient.BOB,
                            end,
                            200);
                }
                assertIsDescribed(api, "GET", port, "/api/v1/ports/{bind}", AdminClient.BOB, server, 200);
                assertIsDescribed(
                        api,
                        "DELETE",
                        "/api/v1/connections?remote=home",
                        "/api/v1/connections",
                        AdminClient.ALICE,
                        server,
                        200);
            }
            for (ConfigurableApplicationContext end : List.of(server, pair.client())) {
                await().until(() -> AdminClient.BOB
                        .get(end, "/api/v1/connections/" + identity)
                        .text("state")
                        .equals("ended"));
                assertIsDescribed(
                        api,
                        "GET",
                        "/api/v1/connections/" + identity,
                        "/api/v1/connections/{identity}",
                        AdminClient.BOB,
                        end,
                        200);
            }
            assertIsDescribed(
                    api,
                    "DELETE",
                    "/api/v1/connections/" + identity,
                    "/api/v1/connections/{identity}",
                    AdminClient.ALICE,
                    server,
                    200);
            assertIsDescribed(
                    api,
                    "DELETE",
                    "/api/v1/remotes/home/tunnels",
                    "/api/v1/remotes/{name}/tunnels",
                    AdminClient.ALICE,
                    server,
                    200);
            assertIsDescribed(api, "GET", "/api/v1/bans", "/api/v1/bans", AdminClient.BOB, server, 200);
            assertIsDescribed(
                    api, "DELETE", "/api/v1/bans/192.0.2.1", "/api/v1/bans/{address}", AdminClient.ALICE, server, 200);
            assertIsDescribed(api, "GET", "/api/v1/webhooks", "/api/v1/webhooks", AdminClient.BOB, server, 200);
            assertIsDescribed(
                    api,
                    "POST",
                    "/api/v1/webhooks/nobody/test",
                    "/api/v1/webhooks/{name}/test",
                    AdminClient.ALICE,
                    server,
                    200);
            pair.awaitTunnel();
            assertEventsAreAsDescribed(api, server);
            assertEventsAreAsDescribed(api, pair.client());
            assertIsAsDescribed(api, "POST", "/login", new BrowserUser(server).login("bob", "bob-secret"));
            assertIsAsDescribed(api, "POST", "/login", new BrowserUser(server).login("bob", "wrong"));
            pair.client().close();
            await().until(() -> AdminClient.BOB
                    .get(server, "/api/v1/remotes/home")
                    .text("state")
                    .equals("away"));
            assertAllAreAsDescribed(api, server);
            assertIsDescribed(api, "GET", port, "/api/v1/ports/{bind}", AdminClient.BOB, server, 200);

            assertThat(api.validated())
                    .isEqualTo(described(api, Predicate.not(AnswersAsDescribedTest::isOfManaging)))
                    .contains("GET /api/v1/events text/event-stream");
        }
    }

    private static Set<String> described(Described api, Predicate<String> meant) {
        Predicate<String> isJson = answer -> !answer.endsWith(" application/yaml") && !answer.endsWith(" text/csv");
        return api.answers().stream().filter(meant.and(isJson)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns whether the answer belongs to a request that makes a change, or to one that shows what can be changed. */
    private static boolean isOfManaging(String answer) {
        return answer.matches("(POST|PUT|PATCH) /api/v1/(?!webhooks).*")
                || answer.matches("DELETE /api/v1/remotes/\\{name}( |/ports|/hosts|/tokens).*")
                || answer.matches("(GET|DELETE) /api/v1/gateways/.*")
                || answer.matches("(GET|DELETE) /api/v1/(users|api-tokens).*")
                || answer.matches("GET /api/v1/(config/(desired|export)|remotes/\\{name}/).*");
    }

    @Test
    void whenRemotesAreChanged() throws Exception {
        ConfigurableApplicationContext server = SHARED.context();
        Described api =
                new Described(AdminClient.BOB.get(server, "/v3/api-docs").body());
        String remotes = "/api/v1/remotes";
        String one = remotes + "/{name}";
        String port = one + "/ports/{port}";
        String desired = "/api/v1/config/desired";
        changes(api, server, "POST", remotes + "?dry-run=true", remotes, "{\"name\": \"home\"}", 200);
        changes(api, server, "POST", remotes, remotes, "{\"name\": \"home\"}", 201);
        changes(api, server, "PUT", remotes + "/home", one, "{}", 200);
        changes(api, server, "PATCH", remotes + "/home", one, "{\"description\": \"x\"}", 200);
        String ssh = "{\"name\": \"ssh\", \"bind\": 0, \"remote\": 22}";
        changes(api, server, "POST", remotes + "/home/ports?dry-run=true", one + "/ports", ssh, 200);
        changes(api, server, "POST", remotes + "/home/ports", one + "/ports", ssh, 201);
        changes(api, server, "PUT", remotes + "/home/ports/ssh", port, ssh, 200);
        changes(api, server, "PATCH", remotes + "/home/ports/ssh", port, "{\"remote\": 23}", 200);
        changes(api, server, "PATCH", remotes + "/home/ports/ssh", port, "{\"remote\": 0}", 422);
        hosts(api, server);
        gateways(api, server);
        changes(api, server, "POST", remotes + "/home/tokens", one + "/tokens", "{}", 201);
        Answer tokens = AdminClient.BOB.get(server, remotes + "/home/tokens");
        assertIsAsDescribed(api, "GET", one + "/tokens", tokens);
        assertIsDescribed(api, "GET", remotes + "/home/ports", one + "/ports", AdminClient.BOB, server, 200);
        assertIsDescribed(api, "GET", remotes + "/home/ports/ssh", port, AdminClient.BOB, server, 200);
        assertIsDescribed(api, "GET", desired, desired, AdminClient.BOB, server, 200);
        String export = "/api/v1/config/export";
        assertIsDescribed(api, "GET", export, export, AdminClient.ALICE, server, 200);
        changes(api, server, "POST", "/api/v1/config/reload", "/api/v1/config/reload", "", 200);
        accounts(api, server);
        String token = remotes + "/home/tokens/" + tokens.text("$[0].id");
        changes(api, server, "DELETE", token, one + "/tokens/{id}", "", 200);
        changes(api, server, "DELETE", remotes + "/home/ports/ssh", port, "", 200);
        changes(api, server, "DELETE", remotes + "/home", one, "", 200);
        changes(api, server, "PUT", desired, desired, "{\"remotes\": []}", 200);

        assertThat(api.validated()).containsAll(described(api, AnswersAsDescribedTest::isOfManaging));
    }

    private static void hosts(Described api, ConfigurableApplicationContext server) throws Exception {
        String hosts = "/api/v1/remotes/home/hosts";
        String all = "/api/v1/remotes/{name}/hosts";
        String one = all + "/{host}";
        String app = "{\"host\": \"app.example.com\", \"path\": \"/api\", \"remote\": 80}";
        String path = hosts + "/app.example.com?path=/api";
        changes(api, server, "POST", hosts + "?dry-run=true", all, app, 200);
        changes(api, server, "POST", hosts, all, app, 201);
        changes(api, server, "POST", hosts, all, app, 409);
        changes(api, server, "PUT", path, one, app, 200);
        changes(api, server, "PATCH", path, one, "{\"gateways\": [\"web\"]}", 200);
        changes(api, server, "PATCH", path, one, "{\"gateways\": [\"tls\"]}", 422);
        assertIsDescribed(api, "GET", hosts, all, AdminClient.BOB, server, 200);
        assertIsDescribed(api, "GET", path, one, AdminClient.BOB, server, 200);
        assertIsDescribed(api, "GET", "/api/v1/remotes/home", "/api/v1/remotes/{name}", AdminClient.BOB, server, 200);
        assertIsDescribed(api, "GET", "/api/v1/gateways", "/api/v1/gateways", AdminClient.BOB, server, 200);
        changes(api, server, "DELETE", path, one, "", 200);
    }

    private static void gateways(Described api, ConfigurableApplicationContext server) throws Exception {
        String path = "/api/v1/gateways/more";
        String one = "/api/v1/gateways/{name}";
        String more = "{\"bind\": \"127.0.0.1:0\"}";
        assertIsAsDescribed(api, "PUT", one, AdminClient.ALICE.sendJson(server, "PUT", path + "?dry-run=true", more));
        assertIsAsDescribed(api, "PUT", one, AdminClient.ALICE.sendJson(server, "PUT", path, more));
        assertIsAsDescribed(api, "PUT", one, AdminClient.ALICE.sendJson(server, "PUT", path, more));
        changes(api, server, "PUT", path, one, more.replace("}", ", \"publicPort\": 80}"), 200);
        changes(api, server, "PUT", path, one, "{}", 422);
        changes(api, server, "PUT", "/api/v1/gateways/web", one, more, 409);
        assertIsDescribed(api, "GET", path, one, AdminClient.BOB, server, 200);
        assertIsDescribed(api, "GET", "/api/v1/gateways", "/api/v1/gateways", AdminClient.BOB, server, 200);
        changes(api, server, "DELETE", path, one, "", 200);
        assertIsDescribed(api, "GET", path, one, AdminClient.BOB, server, 404);
    }

    private static void accounts(Described api, ConfigurableApplicationContext server) throws Exception {
        String users = "/api/v1/users";
        String one = users + "/{name}";
        String tokens = "/api/v1/api-tokens";
        String carol = "{\"name\": \"carol\", \"password\": \"a-good-long-one\"}";
        changes(api, server, "POST", users, users, carol, 201);
        changes(api, server, "PATCH", users + "/carol", one, "{\"role\": \"operator\"}", 200);
        assertIsDescribed(api, "GET", users, users, AdminClient.ALICE, server, 200);
        assertIsDescribed(api, "GET", users + "/carol", one, AdminClient.ALICE, server, 200);
        assertIsDescribed(api, "GET", users + "/alice", one, AdminClient.ALICE, server, 200);
        changes(api, server, "DELETE", users + "/carol", one, "", 200);
        changes(api, server, "POST", tokens, tokens, "{\"expires\": \"2999-01-01T00:00:00Z\"}", 201);
        changes(api, server, "POST", tokens, tokens, "{\"label\": \"x\"}", 201);
        Answer made = AdminClient.ALICE.get(server, tokens);
        assertIsAsDescribed(api, "GET", tokens, made);
        changes(api, server, "DELETE", tokens + "/" + made.text("$[0].id"), tokens + "/{id}", "", 200);
    }

    private static void changes(
            Described api,
            ConfigurableApplicationContext server,
            String method,
            String path,
            String template,
            String body,
            int status)
            throws Exception {
        Answer answer = AdminClient.ALICE.sendJson(server, method, path, body, "If-Match", "*");
        assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
        assertIsAsDescribed(api, method, template, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/remotes/{name}", "/api/v1/ports/{bind}", "/api/v1/connections/{identity}"})
    void whenItIsAProblem(String template) throws Exception {
        ConfigurableApplicationContext server = SHARED.context();
        Described api =
                new Described(AdminClient.BOB.get(server, "/v3/api-docs").body());
        String path = template.replaceFirst("\\{.*", "9");

        assertIsDescribed(api, "GET", path, template, AdminClient.BOB, server, 404);
        assertIsDescribed(api, "GET", path, template, AdminClient.NOBODY, server, 401);
        assertIsDescribed(api, "GET", path + "?x=y", template, AdminClient.BOB, server, 400);
        assertIsDescribed(api, "GET", path + "?x=%ff", template, AdminClient.BOB, server, 400);
        assertIsAsDescribed(api, "GET", template, AdminClient.BOB.send(server, "GET", path, "Accept", "text/plain"));
        if (!template.contains("bind")) {
            assertIsDescribed(api, "DELETE", path, template, AdminClient.BOB, server, 403);
        }
    }

    private static void assertEventsAreAsDescribed(Described api, ConfigurableApplicationContext context)
            throws Exception {
        try (EventListener events = EventListener.open(context, "?recent=1000")) {
            for (String type : List.of("remote-up", "tunnel-down", "stream-opened", "stream-closed")) {
                events.await(type);
            }
            for (EventListener.Received event : events.received()) {
                String data = JsonMapper.shared().writeValueAsString(event.data());
                assertThat(api.errors("GET", "/api/v1/events", 200, "text/event-stream", data))
                        .as(data)
                        .isEmpty();
            }
        }
    }
}
