package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.config.Started;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.TestSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that the contents of a server's store can be moved to another server or to a file. */
class ExportTest {
    private static final String EXPORT = "/api/v1/config/export";
    private static final String DESIRED = "/api/v1/config/desired";

    private static final String CONFIGURATION = "portproxy: {workers: 1, server.bind: '127.0.0.1:0'}\n";

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(CONFIGURATION);

    @TempDir
    private Path folder;

    private final ConfigurableApplicationContext first = SHARED.context();
    private String secret = "";

    @BeforeEach
    void addRemotes() throws Exception {
        post("remotes", """
            {"name": "home", "description": "costs ${PATH}: \\"5\\"", "ports": [
              {"name": "ssh", "bind": 0, "remote": 22},
              {"name": "web", "type": "http", "bind": "127.0.0.1:0", "remote": "web:8080", "hostHeader": "rewrite",
               "trustedProxies": ["10.0.0.0/8"], "maxRequestHead": "64KB", "enabled": false}],
             "grants": {"ports": "20000-20999", "max": 3, "sticky": "90s", "bind": "0.0.0.0", "maxRemotes": 7}}
            """);
        post("remotes", """
            {"name": "open", "anonymous": true, "enabled": false}
            """);
        post("remotes", """
            {"name": "young"}
            """);
        secret = post("remotes/home/tokens", """
            {"label": "laptop"}
            """).text("$.token");
        post("remotes/home/tokens", """
            {"label": "visitor", "expires": "2999-01-01T00:00:00Z"}
            """);
    }

    private ConfigurableApplicationContext second(String yaml) {
        return Started.withAdmin(
                folder, AdminClient.USERS + CONFIGURATION + yaml, new MemoryStore(), "--spring.profiles.active=server");
    }

    private Answer post(String path, String json) throws Exception {
        Answer answer = AdminClient.ALICE.sendJson(first, "POST", "/api/v1/" + path, json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer;
    }

    private void assertTheTokenStillCounts(ConfigurableApplicationContext server) throws Exception {
        try (ClientUnderTest client = new ClientUnderTest(TestSettings.client(
                "home", server.getBean(ProxyServer.class).tunnelAddress(), Dialect.EXTENDED, Token.of(secret)))) {
            await().until(client::connected);
        }
    }

    @Test
    void anotherServerHasTheSameAfterwards() throws Exception {
        String exported = AdminClient.ALICE.get(first, EXPORT).body();
        try (ConfigurableApplicationContext second = second("")) {
            Answer put = AdminClient.ALICE.sendJson(second, "PUT", DESIRED, exported, "If-Match", "*");

            assertThat(put.status()).as(put.body()).isEqualTo(200);
            assertThat(AdminClient.ALICE.get(second, EXPORT).body()).isEqualTo(exported);
            assertTheTokenStillCounts(second);
        }
    }

    @Test
    void aServerWithTheFileExposesTheSame() throws Exception {
        String yaml = AdminClient.ALICE.get(first, EXPORT + ".yml").body();
        Path file = Files.writeString(folder.resolve("exported.yml"), yaml);
        try (ConfigurableApplicationContext second = second("spring.config.import: " + file)) {
            for (String member : List.of(
                    "description",
                    "enabled",
                    "anonymous",
                    "grants",
                    "ports[*].name",
                    "ports[*].enabled",
                    "ports[*].type",
                    "ports[*].remote",
                    "ports[*].hostHeader",
                    "ports[*].trustedProxies",
                    "ports[*].maxRequestHead")) {
                for (String name : List.of("home", "open", "young")) {
                    String path = "/api/v1/remotes/" + name;
                    assertThat(AdminClient.ALICE.get(second, path).value(member))
                            .as(name + " " + member)
                            .isEqualTo(AdminClient.ALICE.get(first, path).value(member));
                }
            }
            assertThat(AdminClient.ALICE.get(second, "/api/v1/remotes/home").text("origin"))
                    .isEqualTo("file");
            assertTheTokenStillCounts(second);
        }
        assertThat(yaml)
                .contains("# Left out, because a file's tokens do not expire: token ")
                .contains("# Nobody has the token of remote young that stands here")
                .doesNotContain(secret);
    }

    @Test
    void whatIsWrongWithATokenIsToldWithoutIt() throws Exception {
        Answer answer = AdminClient.ALICE.sendJson(first, "PUT", DESIRED, """
                {"remotes": [{"name": "home", "tokens": [
                  {"id": "1", "verifier": "{scram-sha-256}00:11"},
                  {"id": "00112233445566ff", "verifier": "my secret", "created": "today"}]}]}
                """, "If-Match", "*");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.texts("$.errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/remotes/0/tokens/0/id",
                        "/remotes/0/tokens/0/verifier",
                        "/remotes/0/tokens/1/verifier",
                        "/remotes/0/tokens/1/created");
        assertThat(answer.body()).doesNotContain("my secret").doesNotContain("00:11");
    }

    @Test
    void onlyAnAdminMayHaveIt() throws Exception {
        for (String path : List.of(EXPORT, EXPORT + ".yml")) {
            assertThat(AdminClient.BOB.get(first, path).status()).as(path).isEqualTo(403);
            assertThat(AdminClient.BOB.send(first, "HEAD", path).status())
                    .as(path)
                    .isEqualTo(403);
        }
    }
}
