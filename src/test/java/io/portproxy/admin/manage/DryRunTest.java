package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.testing.MemoryStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that a dry run gets the answer that the change would get, and changes nothing. */
@ExtendWith(OutputCaptureExtension.class)
class DryRunTest {
    private static final String YAML = AdminClient.USERS + """
            portproxy:
              workers: 1
              store: none
              server:
                bind: 127.0.0.1:0
                proxy: [{remote-name: filed, port-list: [{bind: 0, remote: 1}]}]
            """;
    private static final String REMOTE = "{\"name\": \"home\"}";
    private static final String TRY = "/api/v1/remotes?dry-run=true";
    private static final String AUDIT = "audit: %s from 127.0.0.1: ";

    @TempDir
    private Path folder;

    @Test
    void isRefusedWithoutAStoreAsTheChangeIs() throws Exception {
        try (ConfigurableApplicationContext server =
                Started.withAdmin(folder, YAML, "--spring.profiles.active=server")) {
            Answer tried = AdminClient.ALICE.sendJson(server, "POST", TRY, REMOTE);
            Answer done = AdminClient.ALICE.sendJson(server, "POST", "/api/v1/remotes", REMOTE);

            assertThat(tried.status()).isEqualTo(409);
            assertThat(tried.text("detail")).isEqualTo(done.text("detail"));
        }
    }

    @Test
    void isNoLineOfTheAuditLogUnlessItIsForbidden(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext server =
                Started.withAdmin(folder, YAML, new MemoryStore(), "--spring.profiles.active=server")) {
            assertThat(AdminClient.ALICE.sendJson(server, "POST", TRY, REMOTE).status())
                    .isEqualTo(200);
            assertThat(AdminClient.BOB.sendJson(server, "POST", TRY, REMOTE).status())
                    .isEqualTo(403);
            // An operation without a dry run refuses a request for one and changes nothing.
            assertThat(AdminClient.ALICE
                            .sendJson(server, "POST", "/api/v1/remotes/home/tokens?dry-run=true", "{}")
                            .status())
                    .isEqualTo(400);
            AdminClient.ALICE.sendJson(server, "POST", "/api/v1/remotes", REMOTE);
            for (String query :
                    List.of("x=dry-run=true", "dry-run=true&dry-run=false", "dry-run=false", "dry-run=TRUE")) {
                AdminClient.ALICE.sendJson(server, "PATCH", "/api/v1/remotes/home?" + query, "{}", "If-Match", "*");
            }
            AdminClient.ALICE.sendJson(
                    server, "PATCH", "/api/v1/remotes/home?drain=1s&dry-run=true", "{}", "If-Match", "*");

            await().untilAsserted(() -> assertThat(output)
                    .contains(AUDIT.formatted("bob") + "POST " + TRY + ": 403")
                    .contains(AUDIT.formatted("alice") + "POST /api/v1/remotes: 201")
                    .contains("/home?x=dry-run=true: 400", "/home?dry-run=true&dry-run=false: ")
                    .contains("/home?dry-run=false: 200", "/home?dry-run=TRUE: "));
            assertThat(output).doesNotContain(AUDIT.formatted("alice") + "PATCH /api/v1/remotes/home?drain");
            assertThat(output).doesNotContain(AUDIT.formatted("alice") + "POST " + TRY);
        }
    }
}
