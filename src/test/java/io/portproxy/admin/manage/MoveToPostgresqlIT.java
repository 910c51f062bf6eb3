package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.it.PostgresServer;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.TestSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that an export and an import move remotes from H2 to PostgreSQL, as operations.md describes, and keep their tokens. */
class MoveToPostgresqlIT {
    @TempDir
    private Path folder;

    private ConfigurableApplicationContext server(String more) {
        return Started.withAdmin(
                folder,
                AdminClient.USERS + """
            portproxy:
              workers: 1
              data: %s
              server: {bind: '127.0.0.1:0'}
            """.formatted(folder.resolve("data")) + more,
                "--spring.profiles.active=server");
    }

    private static Answer send(ConfigurableApplicationContext server, String method, String path, String body)
            throws Exception {
        Answer answer = AdminClient.ALICE.sendJson(server, method, "/api/v1/" + path, body, "If-Match", "*");
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    private static String export(ConfigurableApplicationContext server) throws Exception {
        return send(server, "GET", "config/export", "").body();
    }

    @Test
    void remotesKeepTheirTokens() throws Exception {
        try (PostgresServer postgres = PostgresServer.start(MoveToPostgresqlIT.class)) {
            String exported;
            String token;
            try (ConfigurableApplicationContext h2 = server("")) {
                send(h2, "POST", "remotes", """
                    {"name": "home", "description": "Anna's \\"attic\\" ünï", "ports": [
                      {"name": "web", "type": "http", "bind": "127.0.0.1:0", "remote": "intra:80", "hostHeader": "rewrite",
                       "trustedProxies": ["10.0.0.0/8"], "enabled": false}]}
                    """);
                send(h2, "POST", "remotes", "{\"name\": \"dev-*\", \"grants\": {\"ports\": \"24000-24009\"}}");
                token = send(h2, "POST", "remotes/home/tokens", "{\"label\": \"laptop\"}")
                        .text("token");
                send(h2, "POST", "remotes/home/tokens", "{\"expires\": \"2999-01-02T03:04:05Z\"}");
                exported = export(h2);
            }
            String database = """
                spring.datasource: {url: '%s', username: %s, password: %s}
                """.formatted(postgres.url(), PostgresServer.USER, PostgresServer.PASSWORD);
            try (ConfigurableApplicationContext postgresql = server(database)) {
                assertThat(send(postgresql, "GET", "remotes", "").texts("$[*].name"))
                        .isEmpty();

                send(postgresql, "PUT", "config/desired", exported);

                assertThat(export(postgresql)).isEqualTo(exported);
            }
            try (ConfigurableApplicationContext again = server(database);
                    ClientUnderTest client = new ClientUnderTest(TestSettings.client(
                            "home",
                            again.getBean(ProxyServer.class).tunnelAddress(),
                            Dialect.EXTENDED,
                            Token.of(token)))) {
                assertThat(export(again)).isEqualTo(exported);
                await().until(client::connected);
            }
        }
    }
}
