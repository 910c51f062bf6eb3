package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.TestRemote;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests what the API shows about a remote that is away or is refused, and about its port. */
class AwayRemoteTest {
    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = Started.withAdmin(folder, AdminClient.USERS + """
            portproxy:
              workers: 1
              server:
                bind: 127.0.0.1:0
                max-streams: 1
                proxy:
                  - {remote-name: open, port-list: [{bind: 0, remote: 1}]}
                  - {remote-name: far, port-list: [{bind: 0, remote: 192.0.2.1:1}]}
                  - {remote-name: locked, tokens: [Sesame-0123456789], port-list: [{bind: 0, remote: 1}]}
            """, "--spring.profiles.active=server");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static InetSocketAddress tunnelAddress() {
        return server.getBean(ProxyServer.class).tunnelAddress();
    }

    private static InetSocketAddress exposed(int index) {
        return server.getBean(ProxyServer.class).exposedAddresses().get(index);
    }

    private static Answer remote(String name) throws Exception {
        return AdminClient.BOB.get(server, "/api/v1/remotes/" + name);
    }

    private static String portState(int index) throws Exception {
        return AdminClient.BOB
                .get(server, "/api/v1/ports/" + exposed(index).getPort())
                .text("state");
    }

    @Test
    void saysSinceWhenFromWhereAndWhy() throws Exception {
        Instant before = Instant.now();
        try (TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, tunnelAddress(), "open")) {
            await().until(() -> portState(0).equals("ready"));
            remote.open(exposed(0));
            await().until(() -> portState(0).equals("limit"));
        }
        await().until(() -> portState(0).equals("remote_away"));
        Answer away = remote("open");

        assertThat(away.text("state")).isEqualTo("away");
        assertThat(Instant.parse(away.text("since"))).isBetween(before, Instant.now());
        assertThat(away.text("lastEnd.at")).isEqualTo(away.text("since"));
        assertThat(away.text("lastEnd.address")).startsWith("127.0.0.1:");
        assertThat(away.text("lastEnd.reason")).isEqualTo("tunnel_lost");
        assertThat(away.text("lastEnd.message")).isNotBlank();
    }

    @Test
    void saysThatAClassicRemoteCannotHaveTheTarget() throws Exception {
        try (TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, tunnelAddress(), "far")) {
            assertThat(remote.peer().socket().end()).isEmpty();
            await().until(() -> portState(1).equals("dialect"));
            assertThat(remote("far").text("state")).isEqualTo("up");
        }
    }

    @Test
    void saysWhyTheNameWasRefusedLast() throws Exception {
        try (TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, tunnelAddress(), "locked")) {
            assertThat(remote.peer().socket().awaitEnd()).isNotNull();
            await().until(() -> remote("locked").value("lastRefusal") != null);
            Answer refused = remote("locked");

            assertThat(refused.text("state")).isEqualTo("away");
            assertThat(refused.text("lastRefusal.address")).startsWith("127.0.0.1:");
            assertThat(refused.text("lastRefusal.message")).contains("has a token");
            assertThat(refused.value("lastEnd")).isNull();
            assertThat(remote("open").value("lastRefusal")).isNull();
        }
    }
}
