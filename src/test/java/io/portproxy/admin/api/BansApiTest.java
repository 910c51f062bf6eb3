package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.TestSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that the API lists and lifts bans. A remote with a wrong token causes the ban. */
class BansApiTest {
    @TempDir
    private Path folder;

    @Test
    void areListedAndLifted() throws Exception {
        try (ConfigurableApplicationContext server =
                Started.withAdmin(folder, AdminClient.USERS + """
                portproxy:
                  workers: 1
                  server:
                    bind: 127.0.0.1:0
                    ban: {after: 2, within: 1h, for: 30m}
                    proxy: [{remote-name: home, tokens: [the-right-one-of-all], port-list: [{bind: 0, remote: 1}]}]
                """, "--spring.profiles.active=server")) {
            assertThat(AdminClient.BOB.get(server, "/api/v1/bans").body()).isEqualTo("[]");
            ClientUnderTest client = new ClientUnderTest(TestSettings.client(
                    "home",
                    server.getBean(ProxyServer.class).tunnelAddress(),
                    Dialect.EXTENDED,
                    Token.of("a-wrong-token-indeed")));
            try {
                await().until(() -> AdminClient.BOB
                        .get(server, "/api/v1/bans")
                        .body()
                        .startsWith("[{\"address\":\"127.0.0.1\",\"until\":\""));
            } finally {
                client.close();
            }

            assertThat(AdminClient.BOB
                            .send(server, "DELETE", "/api/v1/bans/127.0.0.1")
                            .status())
                    .isEqualTo(403);
            assertThat(AdminClient.ALICE
                            .send(server, "DELETE", "/api/v1/bans/127.0.0.1")
                            .body())
                    .isEqualTo("{\"lifted\":1}");
            assertThat(AdminClient.ALICE
                            .send(server, "DELETE", "/api/v1/bans/127.0.0.1")
                            .body())
                    .isEqualTo("{\"lifted\":0}");
            assertThat(AdminClient.ALICE
                            .send(server, "DELETE", "/api/v1/bans/localhost")
                            .status())
                    .isEqualTo(400);
            assertThat(AdminClient.BOB.get(server, "/api/v1/bans").body()).isEqualTo("[]");
        }
    }
}
