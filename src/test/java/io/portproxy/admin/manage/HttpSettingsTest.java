package io.portproxy.admin.manage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests logins, rules for header fields, HSTS and response timeouts of hosts and ports while the server runs. */
@ExtendWith(OutputCaptureExtension.class)
class HttpSettingsTest {
    private static final String REMOTES = "/api/v1/remotes";
    private static final String HOSTS = REMOTES + "/home/hosts";
    private static final String HOST = HOSTS + "/app.example.com";
    private static final String PORT = REMOTES + "/home/ports/web";
    private static final String EXPORT = "/api/v1/config/export";
    private static final String KEY = "sesame-of-the-target";
    private static final String SETTINGS = """
            "responseTimeout": "30s",
            "headers": {"request": {"set": {"X-Key": "sesame-of-the-target", "X_Other": "${HOME}"}, "remove": ["Cookie"]}},
            "hsts": {"includeSubdomains": true},
            "auth": {"basic": {"users": [{"name": "ann", "password": "ann-secret"}], "except": ["/health"]}}""";

    @RegisterExtension
    static final SharedServer SHARED = ManagedServer.shared();

    @TempDir
    private Path folder;

    private final MemoryStore store = SHARED.store();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ManagedServer server = new ManagedServer(SHARED);

    @BeforeEach
    void addHome() throws Exception {
        server.done("POST", REMOTES, "{\"name\": \"home\"}");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        server.close();
    }

    /** Starts a target that answers each request with the header fields it received. Returns its port. */
    private int target() {
        Target target = new Target(socket -> {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                head.append(line).append('|');
                if (line.isEmpty()) {
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: " + (head.length() + 1) + "\r\n\r\n" + head
                                            + "!")
                                    .getBytes(ISO_8859_1));
                    head.setLength(0);
                }
            }
        });
        open.add(target);
        return target.port();
    }

    private void connect() throws Exception {
        String token = server.send("POST", REMOTES + "/home/tokens", "{}").text("token");
        open.add(new ClientUnderTest(
                TestSettings.client("home", server.role().tunnelAddress(), Dialect.EXTENDED, Token.of(token))));
        await().until(() -> server.get(REMOTES + "/home").contains("\"state\":\"up\""));
    }

    private static InetSocketAddress gateway(ManagedServer of) {
        return of.role().gatewayAddresses().get(0);
    }

    /** Sends one request on a new connection and returns the answer. */
    private String ask(InetSocketAddress where, String path, String credentials) throws IOException {
        try (PlainSocket user = PlainSocket.connect(where)) {
            return ask(user, path, credentials);
        }
    }

    private static String ask(PlainSocket user, String path, String credentials) throws IOException {
        int before = user.received().length;
        String login = credentials.isEmpty()
                ? ""
                : "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(ISO_8859_1))
                        + "\r\n";
        user.send(("GET " + path + " HTTP/1.1\r\nHost: app.example.com\r\n" + login + "\r\n").getBytes(ISO_8859_1));
        await().until(() -> {
            String answer = since(user, before);
            return answer.endsWith("|!") || (answer.startsWith("HTTP/1.1 4") && answer.contains("\r\n\r\n"));
        });
        return since(user, before);
    }

    private static String since(PlainSocket user, int before) {
        String all = new String(user.received(), ISO_8859_1);
        return all.substring(Math.min(before, all.length()));
    }

    private static String host(int target, String more) {
        return "{\"host\": \"app.example.com\", \"remote\": %d%s}".formatted(target, more.isEmpty() ? "" : ", " + more);
    }

    private static String port(int target, String more) {
        return "{\"name\": \"web\", \"type\": \"http\", \"bind\": \"127.0.0.1:0\", \"remote\": %d%s}"
                .formatted(target, more.isEmpty() ? "" : ", " + more);
    }

    @Test
    void aHostAsksForItsLoginAndChangesFieldsFromThenOn(CapturedOutput output) throws Exception {
        connect();
        server.done("POST", HOSTS, host(target(), ""));
        assertThat(ask(gateway(server), "/", "")).contains("200 OK");

        server.done("PATCH", HOST, "{" + SETTINGS + "}");

        assertThat(ask(gateway(server), "/", "")).contains(" 401 ", "realm=\"Restricted\"");
        assertThat(ask(gateway(server), "/", "ann:wrong-one")).contains(" 401 ");
        assertThat(ask(gateway(server), "/", "ann:ann-secret"))
                .contains("200 OK", "X-Key: " + KEY)
                .doesNotContain("Authorization");
        assertThat(ask(gateway(server), "/health", "")).contains("200 OK");
        server.done("PATCH", HOST, "{\"auth\": null}");
        assertThat(ask(gateway(server), "/", "")).contains("200 OK", "X-Key: " + KEY);

        assertThat(output)
                .contains(
                        "host app.example.com: to ",
                        "(for ann alone except at /health; sets X-Key, X_Other in requests;")
                .doesNotContain(KEY, "ann-secret", "$2a$");
    }

    /** A user whose first request needed no login needs one for the next request. */
    @Test
    void aPortAsksOnConnectionsThatAreOpen() throws Exception {
        connect();
        int target = target();
        server.done("POST", REMOTES + "/home/ports", port(target, ""));
        InetSocketAddress address = server.role().exposedAddresses().get(0);
        try (PlainSocket user = PlainSocket.connect(address)) {
            assertThat(ask(user, "/", "")).contains("200 OK");
            server.done("PATCH", PORT, "{\"responseTimeout\": \"30s\"}");
            assertThat(ask(user, "/", "")).contains("200 OK");

            server.done("PUT", PORT, port(target, SETTINGS));

            assertThat(ask(user, "/", "")).contains(" 401 ");
        }
        try (PlainSocket user = PlainSocket.connect(address)) {
            assertThat(ask(user, "/", "ann:ann-secret")).contains("200 OK", "X-Key: " + KEY);
        }
    }

    @Test
    void secretsAreShownInAnExportAlone() throws Exception {
        server.done("POST", HOSTS, host(1, SETTINGS));
        server.done("POST", REMOTES + "/home/ports", port(1, SETTINGS));

        for (String path : List.of(
                REMOTES, REMOTES + "/home", HOSTS, HOST, REMOTES + "/home/ports", PORT, "/api/v1/config/desired")) {
            assertThat(server.get(path))
                    .as(path)
                    .contains("\"X-Key\":\"(hidden)\"", "\"name\":\"ann\"", "\"responseTimeout\":\"30s\"")
                    .contains("\"hsts\":{\"maxAge\":\"365d\",\"includeSubdomains\":true,\"preload\":false}")
                    .doesNotContain(KEY, "bcrypt", "ann-secret", "password");
        }
        assertThat(server.get(EXPORT)).contains(KEY, "{bcrypt}$2a$10$").doesNotContain("ann-secret");
        assertThat(AdminClient.BOB.get(server.context(), EXPORT).status()).isEqualTo(403);
    }

    @Test
    void whatIsSentBackKeepsItsSecrets() throws Exception {
        server.done("POST", HOSTS, host(1, SETTINGS));
        server.done("POST", REMOTES + "/home/ports", port(1, SETTINGS));
        String export = server.get(EXPORT);

        server.done("PUT", HOST, server.get(HOST));
        server.done("PUT", PORT, server.get(PORT));
        server.done("PUT", REMOTES + "/home", server.get(REMOTES + "/home"));
        server.done("PUT", "/api/v1/config/desired", server.get("/api/v1/config/desired"));
        server.done("PUT", "/api/v1/config/desired", export);
        assertThat(server.get(EXPORT)).isEqualTo(export);

        String hash = AdminClient.ALICE
                .get(server.context(), EXPORT)
                .text("remotes[0].hosts[0].auth.basic.users[0].password");
        server.done("PATCH", HOST, """
                {"headers": {"request": {"set": {"X-New": "new"}}},
                 "auth": {"basic": {"users": [{"name": "bob", "password": "bob-secret"}, {"name": "ann"}]}}}""");
        Answer after = AdminClient.ALICE.get(server.context(), EXPORT);
        assertThat(after.text("remotes[0].hosts[0].headers.request.set.X-Key")).isEqualTo(KEY);
        assertThat(after.text("remotes[0].hosts[0].headers.request.set.X-New")).isEqualTo("new");
        assertThat(after.texts("remotes[0].hosts[0].auth.basic.users[*].name")).containsExactly("bob", "ann");
        assertThat(after.texts("remotes[0].hosts[0].auth.basic.users[*].password"))
                .element(1)
                .isEqualTo(hash);
    }

    @Test
    void anotherPasswordAloneIsAChange(CapturedOutput output) throws Exception {
        server.done("POST", HOSTS, host(1, SETTINGS));
        String tag = AdminClient.ALICE
                .get(server.context(), HOST)
                .response()
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        Answer changed = server.done("PATCH", HOST, """
                {"auth": {"basic": {"users": [{"name": "ann", "password": "another-secret"}]}}}""");

        assertThat(changed.texts("changed[*].host")).containsExactly("app.example.com");
        assertThat(changed.response().headers().firstValue("ETag"))
                .isPresent()
                .get()
                .isNotEqualTo(tag);
        assertThat(output).contains("remote home has other passwords").doesNotContain("another-secret", "$2a$");
        assertThat(server.done("PUT", HOST, server.get(HOST)).texts("changed[*].host"))
                .isEmpty();
    }

    @Test
    void allThatIsWrongIsToldWithWhereItIsAndWithoutSecrets() throws Exception {
        Answer wrong = server.send("POST", HOSTS, host(1, """
                "responseTimeout": "soon", "hsts": {"maxAge": "2000d", "preload": true},
                "headers": {"request": {"set": {"Host": "x", "X-Key": "(hidden)", "X-Bad": "line\\nsesame"}, "remove": ["a b"]}},
                "auth": {"basic": {"users": [{"name": "a:b", "password": "{bcrypt}sesame"}, {"name": "ann"}],
                  "realm": "", "except": ["health"]}}"""));

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/responseTimeout",
                        "/hsts/maxAge",
                        "/hsts/preload",
                        "/headers/request/set/Host",
                        "/headers/request/set/X-Key",
                        "/headers/request/set/X-Bad",
                        "/headers/request/remove/0",
                        "/auth/basic/users/0/name",
                        "/auth/basic/users/0/password",
                        "/auth/basic/users/1/password",
                        "/auth/basic/realm",
                        "/auth/basic/except/0");
        assertThat(wrong.texts("errors[?(@.pointer == '/auth/basic/users/1/password')].detail")
                        .get(0))
                .startsWith("is missing");
        assertThat(wrong.body()).doesNotContain("sesame");

        Answer types = server.send("POST", HOSTS, host(1, """
                "headers": {"request": {"set": {"X-Key": 4711}}, "answer": {}},
                "auth": {"basic": {"users": ["ann:sesame", {"name": "ann", "password": "sesame"},
                  {"name": "bob", "password": 4711}], "users ": []}}"""));
        assertThat(types.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/headers/request/set/X-Key",
                        "/headers/answer",
                        "/auth/basic/users/0",
                        "/auth/basic/users/1/password",
                        "/auth/basic/users/2/password",
                        "/auth/basic/users ");
        assertThat(types.body()).doesNotContain("sesame", "4711");
        assertThat(server.get(HOSTS)).isEqualTo("[]");
    }

    /** A mistake must not open a host or port that a login protects. */
    @Test
    void aLoginForNobodyOrWithoutEffectIsRefused() throws Exception {
        for (String login : List.of("{}", "{\"basic\": null}", "{\"basic\": {}}", "{\"basic\": {\"users\": []}}")) {
            assertThat(server.send("POST", HOSTS, host(1, "\"auth\": " + login)).status())
                    .as(login)
                    .isEqualTo(422);
        }
        server.done("POST", REMOTES + "/home/ports", port(1, SETTINGS));
        assertThat(server.send("PATCH", PORT, "{\"type\": \"tcp\"}").texts("errors[*].pointer"))
                .containsExactlyInAnyOrder("/responseTimeout", "/headers", "/hsts", "/auth");
        assertThat(server.send(
                                "POST",
                                HOSTS,
                                host(
                                        1,
                                        "\"tls\": \"passthrough\", \"auth\": " + "{\"basic\": {\"users\": "
                                                + "[{\"name\": \"ann\", \"password\": \"ann-secret\"}]}}"))
                        .texts("errors[*].pointer"))
                .containsExactlyInAnyOrder("/auth", "/tls"); // tls: the gateway has no TLS
    }

    @Test
    void aRequestMayHaveSomePasswordsAndManyHashes() throws Exception {
        StringBuilder users = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            users.append(users.isEmpty() ? "" : ", ")
                    .append("{\"name\": \"user-%d\", \"password\": \"secret-of-%d\"}".formatted(i, i));
        }
        Answer many = server.send("POST", HOSTS, host(1, "\"auth\": {\"basic\": {\"users\": [" + users + "]}}"));

        assertThat(many.texts("errors[*].pointer")).containsExactly("/auth/basic/users/20/password");
        String hash = "{bcrypt}$2a$04$tAmLVd0xnuzHEtFmswAKWuvfmMGEo688WDb2xnz4sITM/GKVnCEdK";
        server.done(
                "POST",
                HOSTS,
                host(
                        1,
                        "\"auth\": {\"basic\": {\"users\": ["
                                + users.toString().replaceAll("secret-of-\\d+", hash.replace("$", "\\$")) + "]}}"));
    }

    @Test
    void theStoreAndAnExportedFileHaveThem() throws Exception {
        int target = target();
        server.done("POST", HOSTS, host(target, SETTINGS));
        server.done("POST", REMOTES + "/home/ports", port(target, SETTINGS));
        String export = server.get(EXPORT);
        String shown = server.get(HOSTS) + server.get(REMOTES + "/home/ports");
        String yaml = server.get(EXPORT + ".yml");
        server.close();

        server = new ManagedServer(folder.resolve("again"), "", store);
        assertThat(server.get(EXPORT)).isEqualTo(export);
        connect();
        assertThat(ask(gateway(server), "/", "")).contains(" 401 ");
        assertThat(ask(gateway(server), "/", "ann:ann-secret")).contains("X-Key: " + KEY, "X_Other: ${HOME}");
        server.close();

        Path file = Files.writeString(folder.resolve("exported.yml"), yaml);
        server = new ManagedServer(folder.resolve("filed"), "spring.config.import: " + file + "\n", new MemoryStore());
        assertThat(server.get(HOSTS) + server.get(REMOTES + "/home/ports")).isEqualTo(shown);
        assertThat(ask(gateway(server), "/", "")).contains(" 401 ");
        assertThat(yaml).contains("'[X_Other]': \\${HOME}").doesNotContain("ann-secret");
    }
}
