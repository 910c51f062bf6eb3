package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.admin.events.EventRing;
import io.portproxy.client.ExposeWish;
import io.portproxy.config.Started;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.StoredRemote;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.Event;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests how the REST API adds, changes and removes remotes, their ports and tokens while the server runs. A file declares one remote. */
@ExtendWith(OutputCaptureExtension.class)
class ManagedRemotesTest {
    private static final String REMOTES = "/api/v1/remotes";

    private static final String CONFIGURATION = """
            portproxy:
              workers: 1
              store: none
              server:
                bind: 127.0.0.1:0
                proxy: [{remote-name: filed, port-list: [{bind: 0, remote: 1}]}]
            """;

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(CONFIGURATION);

    @TempDir
    Path folder;

    private final MemoryStore store = SHARED.store();
    private ConfigurableApplicationContext server = SHARED.context();
    private RawTarget target;

    @BeforeEach
    void open() throws Exception {
        target = RawTarget.open();
    }

    private void startAnother(MemoryStore kept) {
        server = Started.withAdmin(folder, AdminClient.USERS + CONFIGURATION, kept, "--spring.profiles.active=server");
    }

    @AfterEach
    void close() throws Exception {
        if (server != SHARED.context()) {
            server.close();
        }
        target.close();
    }

    private Answer send(String method, String path, String body, String... headers) throws Exception {
        return AdminClient.ALICE.sendJson(server, method, path, body, headers);
    }

    private Answer get(String path) throws Exception {
        return AdminClient.ALICE.get(server, path);
    }

    private String tag(String path) throws Exception {
        return get(path).response().headers().firstValue("ETag").orElseThrow();
    }

    private String home() {
        return """
            {"name": "home", "description": "the attic", "ports": [{"name": "ssh", "bind": "127.0.0.1:0", "remote": %d}]}
            """.formatted(target.port());
    }

    private InetSocketAddress exposed(String remote, int port) throws Exception {
        String address = get(REMOTES + "/" + remote).text("ports[" + port + "].address");
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    private ClientUnderTest client(String token) throws Exception {
        return new ClientUnderTest(TestSettings.client(
                "home", server.getBean(ProxyServer.class).tunnelAddress(), Dialect.EXTENDED, Token.of(token)));
    }

    private void awaitState(String state) {
        await().untilAsserted(
                        () -> assertThat(get(REMOTES + "/home").text("state")).isEqualTo(state));
    }

    private void assertCarried() throws Exception {
        try (PlainSocket user = PlainSocket.connect(exposed("home", 0))) {
            user.send("hello".getBytes(StandardCharsets.UTF_8));
            PlainSocket reached = target.accept();
            assertThat(new String(reached.awaitReceived(5), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
            reached.close();
        }
    }

    @Test
    void remotesOfATemplateAskForPortsAndAreShown() throws Exception {
        Answer wrong = send("POST", REMOTES, """
                {"name": "dev-*", "ports": [{"bind": "0", "remote": "1"}],
                 "grants": {"ports": "9-5", "max": "many", "sticky": "long", "bind": "a b", "maxRemotes": 0}}
                """);
        assertThat(wrong.status()).as(wrong.body()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer")).containsExactly("/grants/max");

        wrong = send("POST", REMOTES, """
                {"name": "dev-*", "ports": [{"bind": "0", "remote": "1"}],
                 "grants": {"ports": "9-5", "max": 0, "sticky": "long", "bind": "a b", "maxRemotes": 0}}
                """);
        assertThat(wrong.texts("errors[*].pointer"))
                .contains(
                        "/grants/ports",
                        "/grants/max",
                        "/grants/sticky",
                        "/grants/bind",
                        "/grants/maxRemotes",
                        "/ports/0/bind");

        Answer created = send("POST", REMOTES, "{\"name\": \"dev-*\", \"grants\": {\"ports\": \"26000-26099\"}}");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String token = send("POST", REMOTES + "/dev-*/tokens", "{}").text("token");
        try (ClientUnderTest client = new ClientUnderTest(TestSettings.client(
                        "dev-ann", server.getBean(ProxyServer.class).tunnelAddress(), Dialect.EXTENDED, Token.of(token))
                .withExpose(new ExposeWish(Optional.empty(), target.port(), 26042)))) {
            await().untilAsserted(() -> {
                Answer shown = get(REMOTES + "/dev-ann");
                assertThat(shown.status()).as(shown.body()).isEqualTo(200);
                assertThat(shown.text("origin")).isEqualTo("granted");
                assertThat(shown.text("template")).isEqualTo("dev-*");
                assertThat(shown.texts("ports[*].address")).containsExactly("127.0.0.1:26042");
                assertThat(shown.texts("ports[*].origin")).containsExactly("granted");
            });
            assertThat(get(REMOTES + "/dev-*").text("grants.sticky")).isEqualTo("24h");
            assertThat(get(REMOTES + "/dev-*").text("state")).isEqualTo("template");
            assertThat(get(REMOTES + "/dev-ann").text("state")).isEqualTo("up");
            assertThat(get("/actuator/health").body()).contains("filed").doesNotContain("dev-");
            assertThat(get("/api/v1/ports/26042").text("origin")).isEqualTo("granted");
            Answer taken =
                    send("POST", REMOTES, "{\"name\": \"other\", \"ports\": [{\"bind\": 26042, \"remote\": 1}]}");
            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.body()).contains("is granted to remote dev-ann");
            assertThat(client.connected()).isTrue();
        }
    }

    @Test
    void aPortThatARemoteHasAskedForIsNotConfiguredBySendingBackWhatIsShown() throws Exception {
        send("POST", REMOTES, """
                {"name": "home", "anonymous": true, "grants": {"ports": "26100-26199", "max": 1},
                 "ports": [{"name": "ssh", "bind": "127.0.0.1:0", "remote": %d}]}
                """.formatted(target.port()));
        try (ClientUnderTest client = new ClientUnderTest(TestSettings.client(
                        "home", server.getBean(ProxyServer.class).tunnelAddress(), Dialect.EXTENDED, Token.NONE)
                .withExpose(new ExposeWish(Optional.empty(), target.port(), 0)))) {
            await().untilAsserted(() -> assertThat(get(REMOTES + "/home").texts("ports[*].origin"))
                    .containsExactly("configured", "granted"));
            String shown = get(REMOTES + "/home").body();

            Answer again = send("PUT", REMOTES + "/home", shown, "If-Match", tag(REMOTES + "/home"));

            assertThat(again.status()).as(again.body()).isEqualTo(200);
            assertThat(again.texts("changed[*].remote")).isEmpty();
            assertThat(get(REMOTES + "/home/ports").texts("$[*].name")).containsExactly("ssh");
            assertThat(get(REMOTES + "/home").texts("ports[*].origin")).containsExactly("configured", "granted");
            assertThat(client.connected()).isTrue();
        }
    }

    @Test
    void aRemoteIsAddedConnectsWithATokenAndIsDismissedWhenThatIsRevoked(CapturedOutput output) throws Exception {
        long begin = System.currentTimeMillis();
        Answer created = send("POST", REMOTES, home());
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.response().headers().firstValue("Location")).contains(REMOTES + "/home");
        assertThat(created.texts("added[*].remote")).containsExactly("home", "home");

        Answer token = send("POST", REMOTES + "/home/tokens", "{\"label\": \"laptop\"}");
        assertThat(token.status()).as(token.body()).isEqualTo(201);
        String secret = token.text("token");
        try (ClientUnderTest client = client(secret)) {
            awaitState("up");
            assertCarried();

            Answer tokens = get(REMOTES + "/home/tokens");
            assertThat(tokens.texts("$[*].label")).containsExactly("laptop");
            assertThat(tokens.body()).doesNotContain(secret);
            String id = tokens.text("$[0].id");
            assertThat(send("DELETE", REMOTES + "/home/tokens/" + id, "").status())
                    .isEqualTo(200);

            awaitState("away");
            await().until(() -> client.role().view().counts().closed().containsKey("denied"));
        }
        EventRing events = server.getBean(EventRing.class);
        assertThat(events.newest(event -> event.type() == Event.Type.REMOTE_ADDED && event.atMillis() >= begin))
                .hasValueSatisfying(event -> assertThat(event.whose().remote()).isEqualTo("home"));
        assertThat(events.newest(event -> event.type() == Event.Type.REMOTE_CHANGED && event.atMillis() >= begin))
                .isPresent();
        assertThat(output)
                .contains("alice from 127.0.0.1: remote home was added: state: enabled; port ssh: tcp 127.0.0.1:0 to ")
                .doesNotContain(secret);
    }

    @Test
    void withoutATokenARemoteIsNobodys() throws Exception {
        send("POST", REMOTES, home());

        try (ClientUnderTest client = client("any token will do")) {
            await().until(() -> get(REMOTES + "/home").body().contains("\"lastRefusal\":{"));
            await().untilAsserted(() -> assertThat(get(REMOTES + "/home").text("lastRefusal.message"))
                    .contains("has another token"));
            assertThat(client.connected()).isFalse();
        }
    }

    @Test
    void whatChangesIsChangedAndWhatDoesNotDoesNotNotice(CapturedOutput output) throws Exception {
        send("POST", REMOTES, home());
        InetSocketAddress before = exposed("home", 0);

        Answer patched = send(
                "PATCH", REMOTES + "/home", "{\"description\": \"the cellar\"}", "If-Match", tag(REMOTES + "/home"));
        assertThat(patched.status()).as(patched.body()).isEqualTo(200);
        assertThat(patched.texts("changed[*].remote")).containsExactly("home");
        assertThat(get(REMOTES + "/home").text("description")).isEqualTo("the cellar");
        assertThat(exposed("home", 0)).isEqualTo(before);

        Answer added = send("POST", REMOTES + "/home/ports", "{\"name\": \"web\", \"bind\": 0, \"remote\": 80}");
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        assertThat(exposed("home", 0)).isEqualTo(before);
        assertThat(get(REMOTES + "/home/ports").texts("$[*].name")).containsExactly("ssh", "web");

        String port = REMOTES + "/home/ports/web";
        assertThat(send("PATCH", port, "{\"remote\": \"10.0.0.5:8080\"}", "If-Match", tag(port))
                        .status())
                .isEqualTo(200);
        assertThat(get(port).text("remote")).isEqualTo("10.0.0.5:8080");
        assertThat(send("DELETE", port, "", "If-Match", tag(port)).status()).isEqualTo(200);
        assertThat(get(port).status()).isEqualTo(404);
        String audit = "alice from 127.0.0.1: remote home ";
        await().untilAsserted(() -> assertThat(output.getOut().lines())
                .anyMatch(line -> line.endsWith(audit + "has other passwords, values of header fields or details"))
                .anyMatch(line -> line.endsWith(audit + "was changed: port web added: tcp 0 to 80"))
                .anyMatch(
                        line -> line.endsWith(audit + "was changed: port web: tcp 0 to 10.0.0.5:8080, was tcp 0 to 80"))
                .anyMatch(line -> line.endsWith(audit + "was changed: port web removed: tcp 0 to 10.0.0.5:8080")));
    }

    @Test
    void whatWasReadCanBeSentBack() throws Exception {
        send("POST", REMOTES, home());
        Answer read = get(REMOTES + "/home");

        Answer answer = send("PUT", REMOTES + "/home", read.body(), "If-Match", tag(REMOTES + "/home"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.texts("changed")).isEmpty();
    }

    @Test
    void theSecondOfTwoAdminsIsTold() throws Exception {
        send("POST", REMOTES, home());
        String seen = tag(REMOTES + "/home");
        assertThat(send("PATCH", REMOTES + "/home", "{\"enabled\": false}", "If-Match", seen)
                        .status())
                .isEqualTo(200);

        Answer second = send("PATCH", REMOTES + "/home", "{\"description\": \"x\"}", "If-Match", seen);

        assertThat(second.status()).isEqualTo(412);
        assertThat(send("PATCH", REMOTES + "/home", "{\"description\": \"x\"}").status())
                .isEqualTo(428);
        assertThat(send("DELETE", REMOTES + "/home", "", "If-Match", seen).status())
                .isEqualTo(412);
        assertThat(get(REMOTES + "/home").text("description")).isEqualTo("the attic");
    }

    @Test
    void aPortThatAnotherProgramHoldsChangesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Answer answer = send("POST", REMOTES, """
                {"name": "home", "ports": [{"bind": 0, "remote": 1}, {"bind": "127.0.0.1:%d", "remote": 2}]}
                """.formatted(taken.getLocalPort()));

            assertThat(answer.status()).as(answer.body()).isEqualTo(409);
            assertThat(answer.texts("errors[*].pointer")).containsExactly("/ports/1/bind");
            assertThat(answer.text("detail")).contains("is in use", "nothing was changed");
            assertThat(get(REMOTES + "/home").status()).isEqualTo(404);
            assertThat(store.load()).isEmpty();
        }
    }

    @Test
    void aDryRunSaysWhatWouldBeAndDoesNothing() throws Exception {
        Answer tried = send("POST", REMOTES + "?dry-run=true", home());

        assertThat(tried.status()).as(tried.body()).isEqualTo(200);
        assertThat(JsonPath.<Boolean>read(tried.body(), "dryRun")).isTrue();
        assertThat(tried.texts("added[*].remote")).containsExactly("home", "home");
        assertThat(get(REMOTES + "/home").status()).isEqualTo(404);
        assertThat(store.load()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"ports": []} | /name | is empty
            {"name": "a/b"} | /name | has a /
            {"name": "x", "prots": []} | /prots | does not exist
            {"name": "x", "enabled": "yes"} | /enabled | neither true nor false
            {"name": "x", "ports": [{"bind": 1, "remote": 0}]} | /ports/0/remote | out of range
            {"name": "x", "ports": [{"bind": "nowhere", "remote": 1}]} | /ports/0/bind | port
            {"name": "x", "ports": [{"type": "sctp", "bind": 0, "remote": 1}]} | /ports/0/type | tcp or http or udp
            {"name": "x", "ports": [{"type": "udp", "bind": 0, "remote": 1, "maxSessions": 0}]} | /ports/0/maxSessions | out of range
            {"name": "x", "ports": [{"bind": 0, "remote": 1, "hostHeader": "rewrite"}]} | /ports/0/hostHeader | no effect on type tcp
            {"name": "x", "ports": [{"name": "a", "bind": 0, "remote": 1}, {"name": "a", "bind": 0, "remote": 1}]} | /ports/1/name | is the same
            {"name": "x", "ports": [{"bind": 7001, "remote": 1}, {"bind": 7001, "remote": 1}]} | /ports/1/bind | same address
            """)
    void whatIsWrongIsToldWithWhereItIs(String body, String pointer, String detail) throws Exception {
        Answer answer = send("POST", REMOTES, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.texts("errors[*].pointer")).contains(pointer);
        assertThat(String.join("\n", answer.texts("errors[*].detail"))).contains(detail);
        assertThat(store.load()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name": "x", | is not JSON
            {"name": "x", "name": "y"} | is not JSON
            {} {} | is not JSON
            """)
    void whatIsNoJsonIsRefused(String body, String detail) throws Exception {
        Answer answer = send("POST", REMOTES, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.text("detail")).contains(detail);
    }

    @Test
    void whatAFileDeclaresIsChangedThere() throws Exception {
        assertThat(get(REMOTES + "/filed").text("origin")).isEqualTo("file");

        Answer deleted = send("DELETE", REMOTES + "/filed", "", "If-Match", "*");
        assertThat(deleted.status()).isEqualTo(409);
        assertThat(deleted.text("detail")).contains("test.yml", "change it there");
        assertThat(send("POST", REMOTES, "{\"name\": \"filed\"}").status()).isEqualTo(409);
        assertThat(send("POST", REMOTES + "/filed/ports", "{\"bind\": 0, \"remote\": 1}")
                        .status())
                .isEqualTo(409);
        assertThat(send("POST", REMOTES + "/filed/tokens", "{}").status()).isEqualTo(409);
    }

    @Test
    void allIsReplacedAtOnceOrNotAtAll() throws Exception {
        String desired = "/api/v1/config/desired";
        Answer answer = send("PUT", desired, """
            {"remotes": [{"name": "a", "ports": [{"bind": 0, "remote": 1}]}, {"name": "b"}]}
            """, "If-Match", tag(desired));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Answer refused = send("PUT", desired, """
                {"remotes": [{"name": "b", "ports": [{"bind": 0, "remote": 1}]},
                    {"name": "c", "ports": [{"bind": "127.0.0.1:%d", "remote": 1}]}]}
                """.formatted(taken.getLocalPort()), "If-Match", tag(desired));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.texts("errors[*].pointer")).containsExactly("/remotes/1/ports/0/bind");
        }
        assertThat(get(desired).texts("remotes[*].name")).containsExactly("a", "b");

        Answer twice =
                send("PUT", desired, "{\"remotes\": [{\"name\": \"c\"}, {\"name\": \"c\"}]}", "If-Match", tag(desired));
        assertThat(twice.status()).isEqualTo(422);
        assertThat(twice.texts("errors[*].pointer")).containsExactly("/remotes/1/name");

        Answer replaced = send("PUT", desired, "{\"remotes\": [{\"name\": \"c\"}]}", "If-Match", tag(desired));
        assertThat(replaced.texts("added[*].remote")).containsExactly("c");
        assertThat(replaced.texts("removed[*].remote")).containsExactlyInAnyOrder("a", "a", "b");
    }

    @Test
    void whileTheStoreIsAwayNothingIsChangedAndWhatIsExposedGoesOn() throws Exception {
        send("POST", REMOTES, home());
        String token = send("POST", REMOTES + "/home/tokens", "{}").text("token");
        try (ClientUnderTest client = client(token)) {
            awaitState("up");
            store.setAway(true);

            Answer refused = send("POST", REMOTES, "{\"name\": \"x\"}");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text("detail")).contains("the database is away", "nothing was changed");
            assertThat(send("POST", REMOTES + "?dry-run=true", "{\"name\": \"x\"}")
                            .status())
                    .isEqualTo(503);
            assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
            assertThat(get(REMOTES + "/x").status()).isEqualTo(404);
            assertCarried();
            assertThat(client.connected()).isTrue();
        }
    }

    @Test
    void aChangeThatTheStoreKeepsLateIsExposedThenAndALineOfTheAuditLog(CapturedOutput output) throws Exception {
        store.setSlow();

        assertThat(send("POST", REMOTES, "{\"name\": \"x\"}").status()).isEqualTo(503);

        await().untilAsserted(() -> assertThat(get(REMOTES).texts("$[*].name")).containsExactly("filed", "x"));
        await().until(() -> send("POST", REMOTES, "{\"name\": \"y\"}").status() == 201);
        await().untilAsserted(() -> assertThat(output.getOut())
                .contains("io.portproxy.audit: saved late by the store: remote x was added: state: enabled"));
    }

    @Test
    void whatWasKeptIsThereAfterARestart() throws Exception {
        send("POST", REMOTES, home());
        String token = send("POST", REMOTES + "/home/tokens", "{}").text("token");

        startAnother(store);

        assertThat(get(REMOTES).texts("$[*].name")).containsExactly("filed", "home");
        try (ClientUnderTest client = client(token)) {
            awaitState("up");
            assertCarried();
            assertThat(client.connected()).isTrue();
        }
    }

    @Test
    void whatAFileTakesIsKeptBackAndTheOthersAreExposed(CapturedOutput output) throws Exception {
        MemoryStore kept = new MemoryStore();
        kept.save(
                List.of(stored("a", "127.0.0.1:0"), stored("filed", "127.0.0.1:0"), stored("z", "127.0.0.1:0")),
                List.of());
        kept.save(List.of(stored("bad", "nowhere:0:0")), List.of());

        startAnother(kept);

        assertThat(get(REMOTES).texts("$[*].name")).containsExactly("filed", "a", "bad", "z");
        assertThat(get(REMOTES + "/filed").text("origin")).isEqualTo("file");
        assertThat(get(REMOTES + "/bad").texts("problems"))
                .singleElement()
                .asString()
                .startsWith("/bad/ports/0/bind");
        assertThat(get(REMOTES + "/a").texts("problems")).isEmpty();
        assertThat(get(REMOTES + "/z").texts("problems")).isEmpty();
        PlainSocket.connect(exposed("z", 0)).close();
        assertThat(output).contains("a remote of the store is not exposed: /filed/name filed is the same as");
    }

    private static StoredRemote stored(String name, String bind) {
        PortDefinition port = new PortDefinition("p", true, "tcp", bind, "1");
        return new StoredRemote(new RemoteDefinition(name, "", true, false, List.of(port)), List.of());
    }

    @Test
    void aRemovedPortClosesAndResetsItsStreamsWhenTheDrainIsOver() throws Exception {
        send("POST", REMOTES, home());
        String token = send("POST", REMOTES + "/home/tokens", "{}").text("token");
        try (ClientUnderTest client = client(token)) {
            awaitState("up");
            InetSocketAddress address = exposed("home", 0);
            try (PlainSocket user = PlainSocket.connect(address)) {
                user.send(new byte[] {1});
                PlainSocket reached = target.accept();
                reached.awaitReceived(1);
                String port = REMOTES + "/home/ports/ssh";

                assertThat(send("DELETE", port + "?drain=0s", "", "If-Match", tag(port))
                                .status())
                        .isEqualTo(200);

                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                assertThatThrownBy(() -> PlainSocket.connect(address)).isNotNull();
                reached.close();
            }
            assertThat(client.connected()).isTrue();
        }
    }

    @Test
    void whatSaysNothingRemovesNothing() throws Exception {
        send("POST", REMOTES, home());
        String tag = tag(REMOTES + "/home");

        assertThat(send("DELETE", REMOTES + "/home?dry-run=", "", "If-Match", tag)
                        .status())
                .isEqualTo(400);
        Answer empty = send("PUT", "/api/v1/config/desired", "{}", "If-Match", "*");
        assertThat(empty.status()).isEqualTo(422);
        assertThat(empty.texts("errors[*].pointer")).containsExactly("/remotes");
        assertThat(get(REMOTES + "/home").status()).isEqualTo(200);
    }

    @Test
    void aLongValueIsNotSentBackWhole() throws Exception {
        Answer answer = send("POST", REMOTES, "{\"name\": \"" + "n".repeat(100_000) + "\"}");

        assertThat(answer.texts("errors[*].value")).containsExactly("n".repeat(300) + "…");
    }

    @Test
    void viewersLookAndOperatorsDoNotChange() throws Exception {
        for (String[] act : List.of(
                new String[] {"POST", REMOTES},
                new String[] {"PUT", REMOTES + "/home"},
                new String[] {"PATCH", REMOTES + "/home"},
                new String[] {"DELETE", REMOTES + "/home"},
                new String[] {"POST", REMOTES + "/home/tokens"},
                new String[] {"PUT", "/api/v1/config/desired"})) {
            assertThat(AdminClient.BOB.send(server, act[0], act[1]).status())
                    .as(act[0] + act[1])
                    .isEqualTo(403);
        }
        assertThat(AdminClient.BOB.get(server, "/api/v1/config/desired").status())
                .isEqualTo(200);
    }
}
