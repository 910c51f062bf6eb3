package io.portproxy.admin.manage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.config.Started;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.StoredRemote;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that REST adds, changes and removes hosts of remotes while a server runs. Its file has two gateways and one host. */
@ExtendWith(OutputCaptureExtension.class)
class ManagedHostsTest {
    private static final String REMOTES = "/api/v1/remotes";
    private static final String HOSTS = REMOTES + "/home/hosts";

    private static final String CONFIGURATION = """
            portproxy:
              workers: 1
              store: none
              server:
                bind: 127.0.0.1:0
                gateways: [{name: web, bind: "127.0.0.1:0"}, {name: other, bind: "127.0.0.1:0"}]
                proxy: [{remote-name: filed, host-list: [{host: filed.example.com, remote: 1}]}]
            """;

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(CONFIGURATION);

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private ConfigurableApplicationContext server = SHARED.context();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private Answer send(String method, String path, String body, String... headers) throws Exception {
        return AdminClient.ALICE.sendJson(server, method, path, body, headers);
    }

    private Answer done(String method, String path, String body) throws Exception {
        Answer answer = send(method, path, body, "If-Match", "*");
        assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isBetween(200, 201);
        return answer;
    }

    private Answer get(String path) throws Exception {
        return AdminClient.ALICE.get(server, path);
    }

    /** Starts a target that answers each request with its name and the number of requests on the connection. Returns its port. */
    private int target(String name) {
        Target target = new Target(socket -> {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            int requests = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    requests++;
                    String body = name + requests;
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                    .getBytes(ISO_8859_1));
                }
            }
        });
        open.add(target);
        return target.port();
    }

    private PlainSocket user(int gateway) throws IOException {
        PlainSocket user = PlainSocket.connect(
                server.getBean(ProxyServer.class).gatewayAddresses().get(gateway));
        open.add(user);
        return user;
    }

    private static void ask(PlainSocket user, String host, String path) throws IOException {
        user.send(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1));
    }

    private static void awaitAnswer(PlainSocket user, String body) {
        await().until(() -> new String(user.received(), ISO_8859_1).endsWith(body));
    }

    private void assertAnswers(int gateway, String host, String path, String body) throws Exception {
        PlainSocket user = user(gateway);
        ask(user, host, path);
        awaitAnswer(user, body);
        user.close();
    }

    private void assertUnknown(int gateway, String host, String path) throws Exception {
        PlainSocket user = user(gateway);
        ask(user, host, path);
        await().until(() -> new String(user.received(), ISO_8859_1).startsWith("HTTP/1.1 404 "));
        user.close();
    }

    private void connect(String name) throws Exception {
        String token = send("POST", REMOTES + "/" + name + "/tokens", "{}").text("token");
        open.add(new ClientUnderTest(TestSettings.client(
                name, server.getBean(ProxyServer.class).tunnelAddress(), Dialect.EXTENDED, Token.of(token))));
        await().untilAsserted(() ->
                assertThat(get(REMOTES + "/" + name).text("state")).isEqualTo("up"));
    }

    private static String host(String host, String path, int target) {
        return "{\"host\": \"%s\", \"path\": \"%s\", \"remote\": %d}".formatted(host, path, target);
    }

    @Test
    void aHostsNameMayBeWrittenInOtherWays() throws Exception {
        done("POST", REMOTES, "{\"name\": \"home\"}");
        done("POST", HOSTS, host("b\u00fccher.example", "/", 1));

        for (String other : List.of("B\u00dcCHER.example", "xn--bcher-kva.example", "b\u00fccher.example.")) {
            String path = HOSTS + "/" + URLEncoder.encode(other, UTF_8);
            done("PUT", path, host(other, "/", 2));
            done("PUT", path, host("xn--bcher-kva.example", "/", 3));
        }
        Answer wrong = send("PUT", HOSTS + "/xn--bcher-kva.example", host("c.example", "/", 4), "If-Match", "*");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()).contains("is not the host in the address");
    }

    @Test
    void aHostIsAddedShownChangedAndRemoved() throws Exception {
        done("POST", REMOTES, "{\"name\": \"home\"}");
        connect("home");
        assertUnknown(0, "app.example.com", "/");
        done("POST", HOSTS, host("app.example.com", "/", target("app")));
        Answer added = done("POST", HOSTS, host("app.example.com", "/api", target("api")));

        assertThat(added.response().headers().firstValue("Location")).hasValue(HOSTS + "/app.example.com?path=%2Fapi");
        assertThat(added.text("added[0].host")).isEqualTo("app.example.com/api");
        assertAnswers(0, "app.example.com", "/x", "app1");
        assertAnswers(1, "app.example.com", "/api/x", "api1");
        int web = server.getBean(ProxyServer.class).gatewayAddresses().get(0).getPort();
        int other = server.getBean(ProxyServer.class).gatewayAddresses().get(1).getPort();
        assertThat(get(REMOTES + "/home").texts("hosts[1].urls"))
                .containsExactly("http://app.example.com:" + web + "/api", "http://app.example.com:" + other + "/api");

        Answer one = get(HOSTS + "/APP.example.com?path=/api");
        String tag = one.response().headers().firstValue("ETag").orElseThrow();
        String toOther = "{\"gateways\": [\"other\"]}";
        Answer changed = send("PATCH", HOSTS + "/app.example.com?path=/api", toOther, "If-Match", tag);
        assertThat(changed.text("changed[0].host")).isEqualTo("app.example.com/api");
        assertThat(send("PATCH", HOSTS + "/app.example.com?path=/api", toOther, "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertAnswers(0, "app.example.com", "/api/x", "app1");
        assertAnswers(1, "app.example.com", "/api/x", "api1");

        done("DELETE", HOSTS + "/app.example.com", "");
        assertUnknown(0, "app.example.com", "/");
        assertThat(get(HOSTS).texts("$[*].path")).containsExactly("/api");
        assertThat(get(HOSTS + "/app.example.com").status()).isEqualTo(404);
    }

    @Test
    void aHostThatLeadsWhereItDidDoesNotNotice() throws Exception {
        int kept = target("kept");
        done("POST", REMOTES, "{\"name\": \"home\"}");
        connect("home");
        done("POST", HOSTS, host("kept.example.com", "/", kept));
        done("POST", HOSTS, host("gone.example.com", "/", target("gone")));
        PlainSocket user = user(0);
        ask(user, "kept.example.com", "/");
        awaitAnswer(user, "kept1");
        PlainSocket leaver = user(0);
        ask(leaver, "gone.example.com", "/");
        awaitAnswer(leaver, "gone1");

        done("PATCH", REMOTES + "/home?drain=0s", "{\"hosts\": [" + host("kept.example.com", "/", kept) + "]}");

        await().until(() -> leaver.end().equals(Optional.of(End.RESET)));
        ask(user, "kept.example.com", "/");
        awaitAnswer(user, "kept2");
    }

    @Test
    void whatIsWrongIsToldWithWhereItIs() throws Exception {
        done("POST", REMOTES, "{\"name\": \"home\"}");

        Answer wrong = send("POST", HOSTS, """
                {"host": "a_b.example.com/x", "path": "api", "gateways": ["web", "tls"], "remote": 0, "forwardedHeaders": "maybe"}
                """);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder("/host", "/path", "/gateways/1", "/remote", "/forwardedHeaders");
        assertThat(wrong.texts("errors[?(@.pointer == '/gateways/1')].detail").get(0))
                .isEqualTo("is no gateway: write one of other, web");
        assertThat(send("PUT", REMOTES + "/home", "{\"hosts\": [{\"remote\": \"1\"}]}", "If-Match", "*")
                        .texts("errors[*].pointer"))
                .containsExactly("/hosts/0/host");

        done("POST", HOSTS, host("app.example.com", "/", 1));
        assertThat(send("POST", HOSTS, host("app.example.com", "/", 2)).status())
                .isEqualTo(409);
        Answer twice = send("POST", HOSTS, host("APP.example.com.", "/", 2));
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.text("detail")).contains("has a host APP.example.com. already");
        Answer inOne = send(
                "PUT",
                REMOTES + "/home",
                "{\"hosts\": [" + host("app.example.com", "/", 1) + ", " + host("APP.example.com.", "/", 2) + "]}",
                "If-Match",
                "*");
        assertThat(inOne.status()).isEqualTo(422);
        assertThat(inOne.texts("errors[*].pointer")).contains("/hosts/1/host");
        Answer renamed = send("PATCH", HOSTS + "/app.example.com", "{\"path\": \"/api\"}", "If-Match", "*");
        assertThat(renamed.texts("errors[*].pointer")).containsExactly("/path");
    }

    @Test
    void aHostOfAnotherRemoteIsRefusedWithBothNames() throws Exception {
        done("POST", REMOTES, "{\"name\": \"home\", \"hosts\": [" + host("app.example.com", "/", 1) + "]}");
        done("POST", REMOTES, "{\"name\": \"shop\"}");

        for (String taken : List.of("app.example.com", "filed.example.com")) {
            Answer refused = send("POST", REMOTES + "/shop/hosts", host(taken, "/", 2));
            assertThat(refused.status()).as(refused.body()).isEqualTo(409);
            assertThat(refused.text("detail"))
                    .contains(
                            taken,
                            "remote " + (taken.startsWith("app") ? "home" : "filed") + " already",
                            "remote shop",
                            "nothing was changed");
            assertThat(refused.texts("errors[*].pointer")).containsExactly("/host");
        }
        assertThat(get(REMOTES + "/shop/hosts").texts("$")).isEmpty();
        done("PUT", "/api/v1/config/desired", """
                {"remotes": [{"name": "shop", "hosts": [%s]}, {"name": "home"}]}""".formatted(host("app.example.com", "/", 2)));
        assertThat(get(REMOTES + "/shop").texts("hosts[*].host")).containsExactly("app.example.com");
    }

    @Test
    void aTryChangesNothingAndAnExportHasHosts() throws Exception {
        done("POST", REMOTES, "{\"name\": \"home\"}");
        assertThat(send("POST", HOSTS + "?dry-run=true", host("app.example.com", "/api", 1))
                        .text("added[0].host"))
                .isEqualTo("app.example.com/api");
        assertThat(get(HOSTS).texts("$")).isEmpty();

        done(
                "POST",
                HOSTS,
                "{\"host\": \"*.dev.example.com\", \"path\": \"/api\", \"gateways\": [\"web\"], \"remote\": \"db:80\"}");
        Answer export = get("/api/v1/config/export");
        String yaml = get("/api/v1/config/export.yml").body();
        assertThat(export.texts("remotes[0].hosts[*].host")).containsExactly("*.dev.example.com");
        assertThat(yaml).contains("host-list:", "host: '*.dev.example.com'", "path: /api", "- web", "remote: db:80");

        done("DELETE", REMOTES + "/home", "");
        done("PUT", "/api/v1/config/desired", export.body());
        assertThat(get("/api/v1/config/export").body()).isEqualTo(export.body());
        done("PUT", REMOTES + "/home", get(REMOTES + "/home").body());
        assertThat(get("/api/v1/config/export").body()).isEqualTo(export.body());
    }

    @Test
    void aFilesHostWinsAndTheOtherRemoteIsTold(CapturedOutput output) throws Exception {
        HostDefinition host =
                new HostDefinition("filed.example.com", "/", List.of("web"), true, HostDefinition.TERMINATE, "1");
        RemoteDefinition home = new RemoteDefinition("home", "", true, false, List.of()).withHosts(List.of(host));
        MemoryStore store = new MemoryStore();
        store.save(List.of(new StoredRemote(home, List.of())), List.of());

        server = Started.withAdmin(folder, AdminClient.USERS + CONFIGURATION, store, "--spring.profiles.active=server");
        open.add(server);

        assertThat(get(REMOTES + "/home").texts("problems"))
                .containsExactly(
                        "/home/hosts/0/host leads to remote filed already, and cannot lead to remote home too");
        assertThat(output)
                .contains("a remote of the store is not exposed: /home/hosts/0/host filed.example.com leads to");
        done("DELETE", HOSTS + "/filed.example.com", "");
        assertThat(get(REMOTES + "/home").texts("problems")).isEmpty();
    }

    @Test
    void gatewaysAreShown() throws Exception {
        Answer gateways = get("/api/v1/gateways");

        assertThat(gateways.texts("$[*].name")).containsExactly("web", "other");
        assertThat(gateways.text("$[0].address"))
                .isEqualTo("127.0.0.1:"
                        + server.getBean(ProxyServer.class)
                                .gatewayAddresses()
                                .get(0)
                                .getPort());
        assertThat(gateways.value("$[0].tls")).isEqualTo(false);
        int unknown = get("/api/v1/gateways").number("$[0].unknown");
        assertUnknown(0, "unknown.example.com", "/");
        await().until(() -> get("/api/v1/gateways").number("$[0].unknown") == unknown + 1);
    }

    /** Spring takes the end of such a path for a file name extension. */
    @Test
    void anAnswerHasNoFileNameThoughItsPathEndsLikeOne() throws Exception {
        done("POST", REMOTES, "{\"name\": \"home.exe\"}");
        done("POST", REMOTES + "/home.exe/hosts", "{\"host\": \"x.example.com\", \"remote\": 1}");
        for (String path : List.of(
                REMOTES + "/home.exe",
                REMOTES + "/home.exe/hosts/x.example.com",
                REMOTES + "/home.exe/hosts/y.example.com",
                "/api/v1/ports/x.example.com",
                "/api/v1/users/a.b",
                "/actuator/loggers/io.portproxy.audit")) {
            Answer answer = get(path);
            assertThat(answer.response().headers().firstValue("Content-Disposition"))
                    .as(path)
                    .isEmpty();
            assertThat(answer.response().headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .hasValue("nosniff");
        }
    }
}
