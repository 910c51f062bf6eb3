package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.AdminPair;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the admin APIs of a proxy server and a remote, each an application of its own. */
@ExtendWith(OutputCaptureExtension.class)
class AdminApiTest {
    @TempDir
    private static Path folder;

    private static AdminPair pair;
    private static RawTarget target;
    private static ConfigurableApplicationContext server;
    private static ConfigurableApplicationContext client;

    @BeforeAll
    static void start() throws Exception {
        pair = new AdminPair(folder, List.of(), List.of());
        target = pair.target();
        server = pair.server();
        client = pair.client();
    }

    @AfterAll
    static void stop() throws Exception {
        pair.close();
    }

    @BeforeEach
    void awaitTunnelAndNoStream() {
        pair.awaitTunnel();
        await().until(() -> AdminClient.BOB.get(server, "/api/v1/connections").number("total") == 0);
    }

    @Test
    void listsTheRemotesThatAreUpAndThoseThatAreAway() throws Exception {
        Answer answer = AdminClient.BOB.get(server, "/api/v1/remotes");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("application/json");
        assertThat(answer.texts("$[*].name")).containsExactly("home", "gone");
        assertThat(answer.texts("$[*].state")).containsExactly("up", "away");
        assertThat(answer.text("$[0].dialect")).isEqualTo("extended");
        assertThat(answer.text("$[0].tunnels[0].security")).isEqualTo("plain");
        assertThat(answer.number("$[0].instances")).isEqualTo(1);
        assertThat(answer.value("$[1].address")).isNull();
        assertThat(answer.text("$[1].since")).isLessThan(Instant.now().toString());
        assertThat(answer.value("$[1].lastEnd")).isNull();
        assertThat(answer.value("$[1].lastRefusal")).isNull();
    }

    @Test
    void saysOfAPortWhatAUserMeetsThere() throws Exception {
        Answer ports = AdminClient.BOB.get(server, "/api/v1/ports");

        assertThat(ports.texts("$[*].state")).containsExactly("ready", "ready", "remote_away");
        assertThat(JsonPath.<List<Boolean>>read(ports.body(), "$[*].listening")).containsExactly(true, true, true);
        try (PlainSocket user = PlainSocket.connect(pair.exposedForGone())) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void showsTheRemoteItself() throws Exception {
        Answer answer = AdminClient.BOB.get(client, "/api/v1/remotes/home");

        assertThat(answer.text("role")).isEqualTo("client");
        assertThat(answer.text("state")).isEqualTo("up");
        assertThat(answer.text("server")).startsWith("127.0.0.1:");
        assertThat(answer.number("connects")).isPositive();
        assertThat(AdminClient.BOB.get(client, "/api/v1/ports").body()).isEqualTo("[]");
    }

    @Test
    void countsAConnectionsBytesAndClosesItOnce() throws Exception {
        int port = pair.exposed().getPort();
        try (PlainSocket user = PlainSocket.connect(pair.exposed());
                PlainSocket serving = target.accept()) {
            user.send(new byte[1000]);
            serving.awaitReceived(1000);
            serving.send(new byte[50]);
            user.awaitReceived(50);

            Answer list = AdminClient.BOB.get(
                    server, "/api/v1/connections?remote=home&state=open&user=127.0.0.1&port=" + port);
            String identity = list.text("items[0].identity");
            assertThat(list.number("total")).isEqualTo(1);
            assertThat(list.number("items[0].bytesIn")).isEqualTo(1000);
            assertThat(list.number("items[0].bytesOut")).isEqualTo(50);
            assertThat(list.text("items[0].user")).isEqualTo("127.0.0.1:" + user.localPort());
            assertThat(AdminClient.BOB
                            .get(client, "/api/v1/connections/" + identity)
                            .text("target"))
                    .isEqualTo("127.0.0.1:" + target.port());
            assertThat(AdminClient.BOB
                            .get(server, "/api/v1/connections?user=127.0.0.2")
                            .number("total"))
                    .isZero();

            assertThat(AdminClient.BOB
                            .delete(server, "/api/v1/connections/" + identity)
                            .status())
                    .isEqualTo(403);
            assertThat(AdminClient.ALICE
                            .delete(server, "/api/v1/connections/" + identity)
                            .number("closed"))
                    .isEqualTo(1);
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(serving.awaitEnd()).isEqualTo(End.RESET);
            assertThat(AdminClient.ALICE
                            .delete(server, "/api/v1/connections/" + identity)
                            .number("closed"))
                    .isZero();
            for (ConfigurableApplicationContext end : List.of(server, client)) {
                Answer ended = AdminClient.BOB.get(end, "/api/v1/connections/" + identity);
                assertThat(ended.text("state")).isEqualTo("ended");
                assertThat(ended.text("reason")).isEqualTo("closed_by_administrator");
                assertThat(ended.text("ended")).isGreaterThanOrEqualTo(ended.text("since"));
                assertThat(ended.number("bytesIn")).isEqualTo(1000);
                assertThat(ended.value("idleMillis")).isNull();
            }
        }
        Answer counts = AdminClient.BOB.get(server, "/api/v1/ports/" + port);
        assertThat(counts.text("bind")).isEqualTo("127.0.0.1:" + port);
        assertThat(counts.number("live")).isZero();
        assertThat(counts.number("bytesIn")).isGreaterThanOrEqualTo(1000);
        assertThat(counts.keys("closed")).contains("closed_by_administrator");
    }

    @Test
    void closesAllThatMatch() throws Exception {
        try (PlainSocket first = PlainSocket.connect(pair.exposed());
                PlainSocket servingFirst = target.accept();
                PlainSocket second = PlainSocket.connect(pair.exposed());
                PlainSocket servingSecond = target.accept()) {
            await().until(() ->
                    AdminClient.BOB.get(server, "/api/v1/connections").number("total") == 2);

            assertThat(AdminClient.ALICE
                            .delete(server, "/api/v1/connections?remote=gone")
                            .number("closed"))
                    .isZero();
            assertThat(AdminClient.ALICE
                            .delete(server, "/api/v1/connections?remote=home")
                            .number("closed"))
                    .isEqualTo(2);

            assertThat(first.awaitEnd()).isEqualTo(End.RESET);
            assertThat(second.awaitEnd()).isEqualTo(End.RESET);
            assertThat(servingFirst.awaitEnd()).isEqualTo(End.RESET);
            assertThat(servingSecond.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void disconnectsARemoteWhichComesBack(CapturedOutput output) throws Exception {
        String before = AdminClient.BOB.get(server, "/api/v1/remotes/home").text("address");

        assertThat(AdminClient.ALICE
                        .delete(server, "/api/v1/remotes/home/tunnels")
                        .number("disconnected"))
                .isEqualTo(1);

        await().untilAsserted(() -> assertThat(
                        AdminClient.BOB.get(server, "/api/v1/remotes/home").value("address"))
                .isNotNull()
                .isNotEqualTo(before));
        // The server writes the line after it has sent the answer.
        await().untilAsserted(() ->
                assertThat(output).contains("audit: alice from 127.0.0.1: DELETE /api/v1/remotes/home/tunnels: 200"));
    }

    @Test
    void showsTheThroughputOfTheLastMinutes() throws Exception {
        await().untilAsserted(() -> assertThat(
                        AdminClient.BOB.get(server, "/api/v1/throughput").texts("at"))
                .isNotEmpty());
        Answer answer = AdminClient.BOB.get(server, "/api/v1/throughput");
        int samples = answer.number("at.length()");
        List<String> binds = AdminClient.BOB.get(server, "/api/v1/ports").texts("$[*].bind");

        assertThat(answer.number("intervalMillis")).isEqualTo(2000);
        assertThat(answer.number("all.bytesIn.length()")).isEqualTo(samples);
        assertThat(answer.keys("ports")).containsExactlyElementsOf(binds);
        assertThat(AdminClient.BOB
                        .get(server, "/api/v1/throughput?after=2999-01-01T00:00:00Z")
                        .number("at.length()"))
                .isZero();
    }

    @Test
    void showsTheConfigurationWithoutItsSecrets() throws Exception {
        Answer answer = AdminClient.BOB.get(server, "/api/v1/config");

        assertThat(answer.text("portproxy.server.proxy[0].remote-name")).isEqualTo("home");
        assertThat(answer.text("portproxy.server.idle-timeout")).isEqualTo("30s");
        assertThat(answer.text("portproxy.server.proxy[0].tokens[0]")).isEqualTo("(hidden)");
        assertThat(answer.keys("portproxy")).doesNotContain("client", "demo");
        assertThat(answer.body()).doesNotContain(AdminPair.TOKEN, "alice-secret", "bcrypt");
        assertThat(AdminClient.BOB.get(client, "/api/v1/config").body())
                .contains("\"token\":\"(hidden)\"")
                .doesNotContain(AdminPair.TOKEN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET | /api/v1/remotes/nobody | 404 | not-found | no remote has the name nobody
            GET | /api/v1/ports/1 | 404 | not-found | no exposed port is 1
            GET | /api/v1/connections/1 | 404 | not-found | there is no connection 1
            GET | /nowhere | 404 | not-found | nowhere
            PUT | /api/v1/remotes | 405 | method-not-allowed | PUT
            GET | /api/v1/events?recent=-1 | 400 | bad-request | write 0 or more
            GET | /api/v1/connections?size=0 | 400 | bad-request | write 1 to 1000
            GET | /api/v1/connections?size=1001 | 400 | bad-request | write 1 to 1000
            GET | /api/v1/connections?size=many | 400 | bad-request | size cannot be many
            GET | /api/v1/connections?page=-1 | 400 | bad-request | write 0 or more
            GET | /api/v1/connections?sort=age | 400 | bad-request | bytesIn, bytesOut, idle
            GET | /api/v1/connections?sort=since,up | 400 | bad-request | ,asc or ,desc
            GET | /api/v1/connections?state=shut | 400 | bad-request | connecting, open, user_ended
            GET | /api/v1/connections?remot=home | 400 | bad-request | there is no such parameter
            GET | /api/v1/connections?remote=a&remote=b | 400 | bad-request | write it once
            GET | /api/v1/config?x=y | 400 | bad-request | takes no parameters
            GET | /api/v1/connections/xyz | 400 | bad-request | hexadecimal
            GET | /api/v1/connections?search= | 400 | bad-request | write what to look for
            DELETE | /api/v1/connections?search=%20 | 400 | bad-request | write what to look for
            GET | /api/v1/throughput?after=noon | 400 | bad-request | after cannot be noon
            DELETE | /api/v1/connections | 400 | bad-request | say which connections
            DELETE | /api/v1/connections?remote=home&usr=x | 400 | bad-request | there is no such parameter
            DELETE | /api/v1/remotes/nobody/tunnels | 404 | not-found | no remote has the name nobody
            GET | /api/v1/x;y | 400 | bad-request | this path, or this method
            """)
    void answersWhatIsWrongWithAProblem(String method, String path, int status, String type, String detail)
            throws Exception {
        Answer answer = AdminClient.ALICE.send(server, method, path);

        assertIsProblem(answer, status, type);
        assertThat(answer.text("detail")).contains(detail);
        assertThat(answer.text("instance")).startsWith(path.replaceAll("\\?.*", ""));
    }

    @Test
    void writesTimesWithMillisecondsEverywhere() throws Exception {
        String times = "";
        for (String path : List.of("/api/v1/remotes", "/api/v1/throughput", "/actuator/remotes")) {
            await().until(() -> AdminClient.BOB.get(server, path).body().contains("Z\""));
            times += AdminClient.BOB.get(server, path).body();
        }
        assertThat(times)
                .containsPattern("T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"")
                .doesNotContainPattern(":\\d\\d(\\.(\\d{1,2}|\\d{4,}))?Z\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml"})
    void answersWhoTakesNoJsonWithAProblem(String accept) throws Exception {
        assertIsProblem(
                AdminClient.ALICE.send(server, "GET", "/api/v1/remotes", "Accept", accept), 406, "not-acceptable");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/remotes",
        "DELETE,/api/v1/remotes/home/tunnels",
        "GET,/v3/api-docs",
        "GET,/nowhere",
        "GET,/actuator/info"
    })
    void showsNothingToWhoIsNobody(String method, String path) throws Exception {
        Answer answer = AdminClient.NOBODY.send(server, method, path);

        assertIsProblem(answer, 401, "unauthorized");
        assertThat(answer.response().headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Basic realm=");
        assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                .noneMatch(value -> value.contains("error"));
        assertThat(answer.text("detail")).contains("give the name");
        Answer wrong = new AdminClient("alice:wrong").send(server, method, path);
        assertIsProblem(wrong, 401, "unauthorized");
        assertThat(wrong.text("detail")).contains("there is no user with this name and password");
        assertIsProblem(new AdminClient("eve:alice-secret").send(server, method, path), 401, "unauthorized");
    }

    @Test
    void letsAViewerLookButNotAct(CapturedOutput output) throws Exception {
        assertThat(AdminClient.BOB.get(server, "/api/v1/remotes").status()).isEqualTo(200);
        for (String method : List.of("HEAD", "OPTIONS")) {
            assertThat(AdminClient.BOB.send(server, method, "/api/v1/remotes").status())
                    .isEqualTo(200);
        }
        assertIsProblem(AdminClient.BOB.delete(server, "/api/v1/remotes/home/tunnels"), 403, "forbidden");
        // The server writes the line after it has sent the answer.
        await().untilAsserted(() ->
                assertThat(output).contains("audit: bob from 127.0.0.1: DELETE /api/v1/remotes/home/tunnels: 403"));
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site,cross-site", "Sec-Fetch-Site,same-site", "Origin,http://evil.example", "Origin,null"})
    void doesNothingForAnotherSitesPage(String name, String value) throws Exception {
        String act = "/api/v1/connections?remote=gone";

        assertIsProblem(AdminClient.ALICE.delete(server, act, name, value), 403, "forbidden");
        assertThat(AdminClient.ALICE
                        .delete(server, act, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void forbidsBrowsersWhatAPageDoesNotNeed() throws Exception {
        Answer answer = AdminClient.ALICE.get(server, "/api/v1/ports");

        assertThat(answer.response().headers().map())
                .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .containsEntry("X-Frame-Options", List.of("DENY"))
                .containsEntry("Referrer-Policy", List.of("same-origin"))
                .doesNotContainKey("Set-Cookie");
        assertThat(answer.response()
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .contains("default-src 'self'")
                .doesNotContain("unsafe-inline");
    }

    private static void assertIsProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.text("type")).isEqualTo("/assets/problems.html#" + type);
        assertThat(answer.number("status")).isEqualTo(status);
        assertThat(answer.text("title")).isNotBlank();
    }
}
