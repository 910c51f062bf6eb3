package io.portproxy.admin.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests programs that log in with tokens, and clients that guess passwords. */
@ExtendWith(OutputCaptureExtension.class)
class CredentialsTest {
    private static final String ACT = "/api/v1/connections?remote=home";
    private static final String LOOKING = "0123456789abcdef0123456789abcdef";
    private static final String ACTING = "acting~acting~acting~acting~acting==";

    /** Users with a login delay so long that a test which meets it fails. */
    private static final String USERS = AdminClient.USERS.replace("login-delay: 0", "login-delay: 1h");

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = started();
    }

    private static ConfigurableApplicationContext started() {
        return Started.server(folder, USERS + """
            portproxy.admin.tokens:
              - {name: scraper, token: '{sha256}3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9'}
              - {name: deployer, token: '{noop}%s', role: admin}
            """.formatted(ACTING));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer shown(ConfigurableApplicationContext context, String method, String path, String token)
            throws Exception {
        return AdminClient.NOBODY.send(context, method, path, "Authorization", token);
    }

    @Test
    void takesTokensForWhatTheirRolesMay(CapturedOutput output) throws Exception {
        assertThat(shown(server, "GET", "/api/v1/me", "Bearer " + LOOKING).body())
                .isEqualTo("{\"name\":\"scraper\",\"role\":\"viewer\"}");
        assertThat(shown(server, "GET", "/api/v1/me", "bearer " + ACTING).text("role"))
                .isEqualTo("admin");
        Answer act = shown(server, "DELETE", ACT, "Bearer " + ACTING);
        assertThat(act.status()).isEqualTo(200);
        assertThat(act.response().headers().map()).doesNotContainKey("Set-Cookie");
        assertThat(shown(server, "DELETE", ACT, "Bearer " + LOOKING).status()).isEqualTo(403);
        await().untilAsserted(() -> assertThat(output).contains("audit: deployer from 127.0.0.1: DELETE /api/v1/con"));
        assertThat(AdminClient.BOB.get(server, "/api/v1/config").body())
                .contains("\"name\":\"scraper\"")
                .doesNotContain(ACTING, "3eb1bd439947eb76");
    }

    @Test
    void refusesOtherTokens() throws Exception {
        try (ConfigurableApplicationContext context = started()) {
            for (String token : List.of("0123456789abcdef0123456789abcdee", "scraper", "", " ")) {
                Answer answer = shown(context, "GET", "/api/v1/me", "Bearer " + token);

                assertThat(answer.status()).as(token).isEqualTo(401);
                assertThat(answer.text("type")).isEqualTo("/assets/problems.html#unauthorized");
                assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                        .containsExactly(
                                "Basic realm=\"PortProxy\", charset=\"UTF-8\"",
                                "Bearer realm=\"PortProxy\", error=\"invalid_token\", error_description=\"no such token\"");
                assertThat(answer.text("detail")).contains("no such token");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "bearer", "form"})
    void hearsNobodyAtAnAddressThatGuesses(String way, CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = started()) {
            BrowserUser browser = new BrowserUser(context);
            BrowserUser before = new BrowserUser(context);
            before.login("bob", "bob-secret");
            for (int i = 0; i <= Logins.FREE; i++) {
                String name = "eve\nadmin" + i;
                assertThat(
                                switch (way) {
                                    case "basic" -> new AdminClient(name + ":x").get(context, "/api/v1/me");
                                    case "bearer" -> shown(context, "GET", "/api/v1/me", "Bearer guess" + i);
                                    default -> browser.login(name, "x");
                                })
                        .extracting(Answer::status)
                        .isEqualTo(401);
            }

            Answer refused = AdminClient.ALICE.get(context, "/api/v1/me");

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.text("type")).isEqualTo("/assets/problems.html#too-many-requests");
            assertThat(refused.response()
                            .headers()
                            .firstValueAsLong("Retry-After")
                            .orElseThrow())
                    .isBetween(3500L, 3600L);
            assertThat(shown(context, "GET", "/api/v1/me", "Bearer " + LOOKING).status())
                    .isEqualTo(429);
            assertThat(browser.login("alice", "alice-secret").status()).isEqualTo(429);
            String metrics = before.ask("GET", "/actuator/prometheus").body();
            assertThat(metrics)
                    .as("a session goes on")
                    .contains("portproxy_logins_failed_total 4.0", "portproxy_logins_throttled_total 3.0");
            String who = way.equals("bearer") ? "(bearer token)" : "eve?admin3";
            assertThat(output)
                    .contains("audit: " + who + " from 127.0.0.1: login failed; further logins get 429 for 3600 s")
                    .doesNotContain("guess3");
        }
    }
}
