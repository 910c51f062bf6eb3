package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.admin.events.EventListener;
import io.portproxy.config.Started;
import io.portproxy.manage.Accounts;
import io.portproxy.testing.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests users and tokens of the admin API that are added while the server runs. */
@ExtendWith(OutputCaptureExtension.class)
class AccountsTest {
    private static final String USERS = "/api/v1/users";
    private static final String TOKENS = "/api/v1/api-tokens";
    private static final String PASSWORD = "a-good-long-one";

    private static final String CONFIGURATION = "portproxy: {workers: 1, server.bind: '127.0.0.1:0'}\n";

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(CONFIGURATION);

    @TempDir
    private Path folder;

    private final MemoryStore store = SHARED.store();
    private final ConfigurableApplicationContext server = SHARED.context();

    private ConfigurableApplicationContext withoutUsers(MemoryStore kept) {
        return Started.withAdmin(folder, CONFIGURATION, kept, "--spring.profiles.active=server");
    }

    private Answer send(String method, String path, String body, String... headers) throws Exception {
        return AdminClient.ALICE.sendJson(server, method, path, body, headers);
    }

    private static String user(String name, String role, String password) {
        return "{\"name\": \"%s\", \"role\": \"%s\", \"password\": \"%s\"}".formatted(name, role, password);
    }

    private int statusOf(AdminClient who, String method, String path) throws Exception {
        return who.send(server, method, path).status();
    }

    @Test
    void aUserIsAddedLogsInIsChangedAndRemoved(CapturedOutput output) throws Exception {
        Answer added = send("POST", USERS, user("carol", "operator", PASSWORD));

        assertThat(added.status()).as(added.body()).isEqualTo(201);
        assertThat(added.response().headers().firstValue("Location")).contains(USERS + "/carol");
        AdminClient carol = new AdminClient("carol:" + PASSWORD);
        assertThat(carol.get(server, "/api/v1/me").text("$.role")).isEqualTo("operator");
        assertThat(statusOf(carol, "DELETE", "/api/v1/connections/1")).isEqualTo(200);
        assertThat(statusOf(carol, "GET", USERS)).isEqualTo(403);
        assertThat(send("GET", USERS, "").texts("$[*].name")).containsExactly("alice", "bob", "carol");
        assertThat(send("GET", USERS, "").texts("$[*].origin")).containsExactly("file", "file", "store");

        String tag = send("GET", USERS + "/carol", "")
                .response()
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        String change = "{\"role\": \"viewer\", \"password\": \"another-long-one\"}";
        assertThat(send("PATCH", USERS + "/carol", change).status()).isEqualTo(428);
        assertThat(send("PATCH", USERS + "/carol", change, "If-Match", tag).status())
                .isEqualTo(200);
        assertThat(send("PATCH", USERS + "/carol", change, "If-Match", tag).status())
                .isEqualTo(412);
        assertThat(statusOf(carol, "GET", "/api/v1/me")).isEqualTo(401);
        AdminClient changed = new AdminClient("carol:another-long-one");
        assertThat(changed.get(server, "/api/v1/me").text("$.role")).isEqualTo("viewer");

        assertThat(send("DELETE", USERS + "/carol", "", "If-Match", "*").status())
                .isEqualTo(200);
        assertThat(statusOf(changed, "GET", "/api/v1/me")).isEqualTo(401);
        assertThat(output)
                .contains("user carol (operator) was added")
                .contains("user carol (viewer) was changed, with another password")
                .contains("user carol (viewer) was removed")
                .doesNotContain(PASSWORD);
    }

    @Test
    void whoIsRemovedOrRevokedDoesNotListenAnyMore() throws Exception {
        send("POST", USERS, user("carol", "viewer", PASSWORD));
        Answer token = send("POST", "/api/v1/api-tokens", "{}");
        String carol = Base64.getEncoder().encodeToString(("carol:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        try (EventListener user = EventListener.open(server, "", "Authorization", "Basic " + carol);
                EventListener program =
                        EventListener.open(server, "", "Authorization", "Bearer " + token.text("token"))) {
            send("DELETE", USERS + "/carol", "", "If-Match", "*");
            await().until(user::end, end -> !end.isEmpty());
            assertThat(program.end()).isEmpty();

            send("DELETE", "/api/v1/api-tokens/" + token.text("id"), "");
            await().until(program::end, end -> !end.isEmpty());
        }
    }

    @Test
    void usersAreThereAfterARestartAndNoPasswordIsMadeThen(CapturedOutput output) throws Exception {
        MemoryStore kept = new MemoryStore();
        try (ConfigurableApplicationContext first = withoutUsers(kept)) {
            String line = output.getAll()
                    .lines()
                    .filter(each -> each.contains("password "))
                    .findFirst()
                    .orElseThrow();
            AdminClient made = new AdminClient("admin:" + line.replaceFirst(".*password ", ""));
            assertThat(made.sendJson(first, "POST", USERS, user("carol", "admin", PASSWORD))
                            .status())
                    .isEqualTo(201);
        }
        int length = output.getAll().length();

        try (ConfigurableApplicationContext second = withoutUsers(kept)) {
            assertThat(output.getAll().substring(length)).doesNotContain("no users are configured");
            AdminClient carol = new AdminClient("carol:" + PASSWORD);
            assertThat(carol.get(second, "/api/v1/me").text("$.role")).isEqualTo("admin");
            assertThat(kept.loadAccounts().users().get(0).password()).startsWith("{bcrypt}");
            Answer last = carol.sendJson(second, "DELETE", USERS + "/carol", "", "If-Match", "*");
            assertThat(last.status()).isEqualTo(409);
            assertThat(last.text("$.detail")).contains("the last admin");
            assertThat(carol.sendJson(second, "PATCH", USERS + "/carol", "{\"role\": \"viewer\"}", "If-Match", "*")
                            .status())
                    .isEqualTo(409);
        }
    }

    @Test
    void whatAFileDeclaresIsChangedThere() throws Exception {
        assertThat(send("POST", USERS, user("bob", "admin", PASSWORD)).status()).isEqualTo(409);
        Answer answer = send("DELETE", USERS + "/bob", "", "If-Match", "*");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("$.detail")).contains("portproxy.admin.users");
        assertThat(send("DELETE", USERS + "/nobody", "", "If-Match", "*").status())
                .isEqualTo(404);
    }

    @Test
    void allThatIsWrongIsToldWithoutThePassword() throws Exception {
        Answer answer = send("POST", USERS, user("Carol:", "root", "short-pass"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.texts("$.errors[*].pointer")).containsExactlyInAnyOrder("/name", "/role", "/password");
        assertThat(answer.body()).doesNotContain("short-pass");
        assertThat(send("POST", USERS, user("carol", "viewer", "x".repeat(73))).status())
                .isEqualTo(422);
        assertThat(store.loadAccounts()).isEqualTo(Accounts.NONE);
    }

    @Test
    void aTokenIsMadeShownOnceUsedAndRevoked(CapturedOutput output) throws Exception {
        Answer made = send("POST", TOKENS, "{\"label\": \"scraper\", \"role\": \"viewer\"}");

        assertThat(made.status()).isEqualTo(201);
        String secret = made.text("$.token");
        assertThat(bearer(secret)).isEqualTo(200);
        assertThat(send("GET", TOKENS, "").body()).contains("scraper").doesNotContain(secret);
        assertThat(store.loadAccounts().tokens().toString()).doesNotContain(secret);
        String expired =
                send("POST", TOKENS, "{\"expires\": \"2020-01-01T00:00:00Z\"}").text("$.token");
        assertThat(bearer(expired)).isEqualTo(401);

        assertThat(send("DELETE", TOKENS + "/" + made.text("$.id"), "").status())
                .isEqualTo(200);
        assertThat(bearer(secret)).isEqualTo(401);
        assertThat(output).doesNotContain(secret);
    }

    private int bearer(String token) throws Exception {
        return AdminClient.NOBODY
                .send(server, "GET", "/api/v1/me", "Authorization", "Bearer " + token)
                .status();
    }

    @Test
    void whatTheStoreKeepsLateIsKnownThen() throws Exception {
        store.setSlow();

        assertThat(send("POST", USERS, user("carol", "viewer", PASSWORD)).status())
                .isEqualTo(503);

        await().untilAsserted(() -> assertThat(statusOf(new AdminClient("carol:" + PASSWORD), "GET", "/api/v1/me"))
                .isEqualTo(200));
    }

    @Test
    void aStoreThatIsAwayChangesNothing() throws Exception {
        store.setAway(true);

        assertThat(send("POST", USERS, user("carol", "viewer", PASSWORD)).status())
                .isEqualTo(503);

        assertThat(statusOf(new AdminClient("carol:" + PASSWORD), "GET", "/api/v1/me"))
                .isEqualTo(401);
    }

    @Test
    void whatTheStoreHasKeptLateIsALineOfTheAuditLog(CapturedOutput output) throws Exception {
        store.setSlow();

        assertThat(send("POST", USERS, user("carol", "viewer", PASSWORD)).status())
                .isEqualTo(503);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> output.getOut()
                        .contains("io.portproxy.audit: saved late by the store: user carol (viewer) was added"));
        assertThat(statusOf(new AdminClient("carol:" + PASSWORD), "GET", "/api/v1/me"))
                .isEqualTo(200);
    }
}
