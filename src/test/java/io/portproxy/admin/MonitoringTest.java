package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ProxyClient;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests Actuator's endpoints, and the health and metrics of both roles. */
class MonitoringTest {
    private static final String SERVER = "--spring.profiles.active=server";
    private static final String CLIENT = "--spring.profiles.active=client";

    /** A server for the tests that need no other settings and no remote. */
    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(
            folder -> PemFiles.bundle(folder, "tunnel", TestCertificates.SERVER, "") + configuration(0, 1));

    @TempDir
    private Path folder;

    private final ConfigurableApplicationContext shared = SHARED.context();

    private static String configuration(int tunnelPort, int targetPort) {
        return """
                portproxy:
                  workers: 1
                  shutdown-grace: 0
                  server:
                    bind: 127.0.0.1:%d
                    proxy: [{remote-name: home, port-list: [{bind: 0, remote: %d}]}]
                """.formatted(tunnelPort, targetPort);
    }

    private ConfigurableApplicationContext server(int tunnelPort, int targetPort, String... options) {
        return Started.withAdmin(
                folder,
                AdminClient.USERS + configuration(tunnelPort, targetPort),
                options.length == 0 ? new String[] {SERVER} : options);
    }

    private ConfigurableApplicationContext client(int tunnelPort, String... options) {
        return Started.withAdmin(folder, AdminClient.USERS + """
                portproxy:
                  workers: 1
                  shutdown-grace: 0
                  client: {name: home, server: '127.0.0.1:%d', reconnect: {initial: 100ms, max: 100ms}}
                """.formatted(tunnelPort), options);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int status(ConfigurableApplicationContext context, String probe) throws Exception {
        return AdminClient.NOBODY.get(context, "/actuator/health/" + probe).status();
    }

    private static String metrics(ConfigurableApplicationContext context) throws Exception {
        return AdminClient.BOB.get(context, "/actuator/prometheus").body();
    }

    @Test
    void aRemoteIsReadyWhileItHasATunnelAndAliveWithoutOne() throws Exception {
        int tunnelPort = freePort();
        try (ConfigurableApplicationContext client = client(tunnelPort, CLIENT)) {
            assertThat(status(client, "readiness")).isEqualTo(503);
            assertThat(status(client, "liveness")).isEqualTo(200);
            assertThat(AdminClient.NOBODY
                            .get(client, "/actuator/health/readiness")
                            .body())
                    .doesNotContain("uplink");
            try (ConfigurableApplicationContext server = server(tunnelPort, 1)) {
                assertThat(status(server, "readiness")).isEqualTo(200);
                await().until(() -> status(client, "readiness") == 200);
                AdminClient.Answer tunnel = AdminClient.BOB.get(client, "/actuator/health/tunnel");
                assertThat(tunnel.text("components.uplink.status")).isEqualTo("UP");
                assertThat(tunnel.number("components.uplink.details.tunnels")).isEqualTo(1);
                assertThat(tunnel.text("components.uplink.details.servers['127.0.0.1:" + tunnelPort + "']"))
                        .isEqualTo("up");
                assertThat(metrics(client)).containsPattern("portproxy_servers\\{.*state=\"up\"} 1.0");
                await().until(() -> AdminClient.BOB
                        .get(server, "/actuator/health/tunnel")
                        .text("components.remotes.details.home")
                        .equals("up"));
            }
            await().until(() -> status(client, "readiness") == 503);
            assertThat(metrics(client)).containsPattern("portproxy_tunnel_failures_total\\{.*} [1-9]");
        }
    }

    @Test
    void aRemoteCanBeReadyWithoutATunnel() throws Exception {
        String group = "--management.endpoint.health.group.readiness.include=readinessState";
        try (ConfigurableApplicationContext client = client(freePort(), CLIENT, group)) {
            assertThat(status(client, "readiness")).isEqualTo(200);
        }
    }

    @Test
    void aServerIsReadyWithoutARemote() throws Exception {
        assertThat(status(shared, "readiness")).isEqualTo(200);
        assertThat(AdminClient.BOB.get(shared, "/actuator/health").text("components.remotes.details.home"))
                .isEqualTo("away");
    }

    @Test
    void metersCountWhatStreamsCarryAndWhyTheyEnd() throws Exception {
        int tunnelPort = freePort();
        try (Target echo = Target.echo();
                ConfigurableApplicationContext server = server(tunnelPort, echo.port());
                ConfigurableApplicationContext client = client(tunnelPort, CLIENT)) {
            var exposed = server.getBean(ProxyServer.class).exposedAddresses().get(0);
            try (PlainSocket early = PlainSocket.connect(exposed)) {
                await().until(() -> early.end().isPresent()
                        || client.getBean(ProxyClient.class).connected());
            }
            await().until(client.getBean(ProxyClient.class)::connected);
            await().until(() -> metrics(server).matches("(?s).*portproxy_tunnels\\{[^}]*} 1\\.0.*"));
            try (PlainSocket user = PlainSocket.connect(exposed)) {
                user.send(new byte[1234]);
                user.awaitReceived(1234);
                String port = "port=\"127.0.0.1:" + exposed.getPort() + "\",remote=\"home\",role=\"server\"";
                await().untilAsserted(() -> assertThat(metrics(server))
                        .contains("portproxy_streams_live{" + port + "} 1.0")
                        .contains("portproxy_streams_transferred_bytes_total{direction=\"in\"," + port + "} 1234.0")
                        .contains("portproxy_streams_transferred_bytes_total{direction=\"out\"," + port + "} 1234.0")
                        .contains("portproxy_port_listening{" + port + "} 1.0")
                        .contains("portproxy_buffer_memory_used_bytes")
                        .contains("portproxy_greetings_refused_total{reason=\"tls\"} 0.0"));
                assertThat(metrics(client))
                        .contains("portproxy_streams_live{port=\"none\",remote=\"home\",role=\"client\"} 1.0");
                assertThat(AdminClient.ALICE
                                .delete(server, "/api/v1/connections?remote=home")
                                .number("closed"))
                        .isEqualTo(1);
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
            await().untilAsserted(() -> assertThat(metrics(server))
                    .containsPattern("portproxy_streams_closed_total\\{.*reason=\"closed_by_administrator\".*} 1.0"));
            assertThat(metrics(server)).doesNotContain("user=\"127");
        }
    }

    @Test
    void scrapesAreAnsweredInTheFormatThatIsAskedForAndWithTheNamesThatAreAskedFor() throws Exception {
        AdminClient.Answer text = AdminClient.BOB.get(shared, "/actuator/prometheus");
        assertThat(text.type()).startsWith("text/plain").contains("version=0.0.4");
        assertThat(text.body()).contains("# TYPE portproxy_port_listening gauge\n", "# TYPE jvm_");
        assertThat(text.body()).doesNotContain("# EOF");
        assertThat(text.response().headers().firstValue("Content-Length"))
                .as("sent as it is made")
                .isEmpty();
        AdminClient.Answer open = AdminClient.BOB.send(
                shared,
                "GET",
                "/actuator/prometheus",
                "Accept",
                "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
        assertThat(open.type()).startsWith("application/openmetrics-text");
        assertThat(open.body())
                .contains("# TYPE portproxy_streams_opened counter\n")
                .endsWith("# EOF\n");
        AdminClient.Answer some = AdminClient.BOB.get(
                shared, "/actuator/prometheus?includedNames=portproxy_streams_opened,portproxy_greetings");
        assertThat(some.body().lines().filter(line -> line.startsWith("# TYPE")))
                .containsExactlyInAnyOrder(
                        "# TYPE portproxy_streams_opened_total counter", "# TYPE portproxy_greetings gauge");
    }

    @Test
    void whoWantsProtobufGetsIt() throws Exception {
        String protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
        AdminClient.Answer answer = AdminClient.BOB.send(shared, "GET", "/actuator/prometheus", "Accept", protobuf);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo(protobuf);
        assertThat(answer.body()).contains("portproxy_streams_opened_total").doesNotContain("# TYPE");
    }

    @Test
    void scrapesSayWhenACertificateEnds() throws Exception {
        Instant end = TestCertificates.certificate(TestCertificates.SERVER)
                .getNotAfter()
                .toInstant();
        Matcher expiry = Pattern.compile(
                        "^ssl_chain_expiry_seconds\\{bundle=\"tunnel\",.*source=\"keystore\".*} (\\S+)$",
                        Pattern.MULTILINE)
                .matcher(metrics(shared));
        assertThat(expiry.find()).isTrue();
        assertThat(Double.parseDouble(expiry.group(1)))
                .isBetween(0.0, (double) Duration.between(Instant.EPOCH, end).toSeconds());
    }

    @Test
    void startsWithoutPrometheus() throws Exception {
        String off = "--management.prometheus.metrics.export.enabled=false";
        try (ConfigurableApplicationContext server = server(0, 1, SERVER, off)) {
            assertThat(AdminClient.BOB.get(server, "/actuator/prometheus").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void saysWhatItIsMadeOf() throws Exception {
        AdminClient.Answer info = AdminClient.BOB.get(shared, "/actuator/info");
        assertThat(info.text("build.artifact")).isEqualTo("portproxy");
        assertThat(info.text("build.version")).isNotBlank();
        assertThat(info.keys("build")).doesNotContain("time"); // it is the same in all builds, so it has no meaning
        assertThat(info.text("java.version")).isEqualTo(System.getProperty("java.version"));
        if (info.keys("$").contains("git")) { // absent if the sources were not in a repository
            assertThat(info.text("git.commit.id.full")).matches("[0-9a-f]{40}");
        }
        AdminClient.Answer sbom = AdminClient.BOB.get(shared, "/actuator/sbom/application");
        assertThat(sbom.type()).startsWith("application/vnd.cyclonedx+json");
        assertThat(sbom.text("metadata.component.name")).isEqualTo("portproxy");
        assertThat(sbom.texts("components[*].name"))
                .contains("tls-channel", "jetty-http", "spring-core")
                .doesNotContain("junit-jupiter-api");
    }

    @Test
    void metricsAreForAnybodyOnlyWhereThatIsSaid() throws Exception {
        assertThat(AdminClient.NOBODY.get(shared, "/actuator/prometheus").status())
                .isEqualTo(401);
        assertThat(AdminClient.BOB.get(shared, "/actuator/prometheus").status()).isEqualTo(200);
        try (ConfigurableApplicationContext open = server(0, 1, SERVER, "--portproxy.admin.open-prometheus=true")) {
            assertThat(AdminClient.NOBODY.get(open, "/actuator/prometheus").status())
                    .isEqualTo(200);
            assertThat(AdminClient.NOBODY.get(open, "/actuator/info").status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"remotes", "ports", "connections", "info", "loggers", "health", "sbom"})
    void viewersReadTheEndpoints(String endpoint) throws Exception {
        assertThat(AdminClient.NOBODY.get(shared, "/actuator/" + endpoint).status())
                .isEqualTo(401);
        assertThat(AdminClient.BOB.get(shared, "/actuator/" + endpoint).status())
                .isEqualTo(200);
        assertThat(AdminClient.BOB.send(shared, "POST", "/actuator/" + endpoint).status())
                .isEqualTo(403);
        assertThat(AdminClient.ALICE.get(shared, "/actuator/env").status()).isEqualTo(404);
    }
}
