package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests what the API shows an operator first about the process. */
class ProcessTest {
    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = Started.server(folder, AdminClient.USERS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void saysWhereItRunsSinceWhenAndWhereRemotesConnect() throws Exception {
        Answer answer = AdminClient.BOB.get(server, "/api/v1/process");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("host")).isNotBlank();
        assertThat(Instant.parse(answer.text("started"))).isBefore(Instant.now());
        assertThat(answer.number("uptimeMillis")).isPositive();
        assertThat(answer.texts("tunnels[*].role")).containsExactly("server");
        assertThat(answer.texts("tunnels[*].address"))
                .containsExactly("127.0.0.1:"
                        + server.getBean(ProxyServer.class).tunnelAddress().getPort());
        assertThat(answer.texts("tunnels[*].security")).containsExactly("plain");
        assertThat(answer.texts("warnings[*].message"))
                .as("on loopback")
                .noneMatch(
                        text -> text.startsWith("tunnels are not encrypted") || text.contains("can connect as remote"));
    }

    @Test
    void warnsOfPlainTunnelsAndNamesForAnybody(@TempDir Path other) throws Exception {
        try (ConfigurableApplicationContext open =
                Started.withAdmin(other, AdminClient.USERS + """
                portproxy:
                  workers: 1
                  server:
                    bind: 0.0.0.0:0
                    proxy: [{remote-name: home, port-list: [{bind: "127.0.0.1:0", remote: 1}]}]
                """, "--spring.profiles.active=server")) {
            Answer answer = AdminClient.BOB.get(open, "/api/v1/process");

            assertThat(answer.texts("warnings[*].kind")).containsOnly("configuration");
            assertThat(answer.texts("warnings[*].message"))
                    .anyMatch(text -> text.contains("can connect as remote home"))
                    .anyMatch(text -> text.startsWith("tunnels are not encrypted"));
        }
    }

    @Test
    void warnsOfLimitsThatAreNear() throws Exception {
        MeterRegistry meters = server.getBean(MeterRegistry.class);
        AtomicLong used = new AtomicLong(799);
        replace(meters, "portproxy.buffer.memory.used", used);
        replace(meters, "portproxy.buffer.memory.max", new AtomicLong(1000));
        assertThat(AdminClient.BOB.get(server, "/api/v1/process").texts("warnings[*].kind"))
                .doesNotContain("memory");

        used.set(800);

        Answer answer = AdminClient.BOB.get(server, "/api/v1/process");
        assertThat(answer.texts("warnings[*].kind")).contains("memory").doesNotContain("descriptors");
        assertThat(answer.texts("warnings[?(@.kind == 'memory')].message"))
                .singleElement()
                .satisfies(text -> assertThat(text).startsWith("800 of 1,000 bytes of buffer memory are used"));
    }

    private static void replace(MeterRegistry meters, String name, AtomicLong value) {
        meters.remove(meters.get(name).gauge());
        Gauge.builder(name, value, AtomicLong::get).strongReference(true).register(meters);
    }
}
