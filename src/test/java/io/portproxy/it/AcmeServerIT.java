package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests a server that gets the certificate of its tunnel port and its admin page from Pebble. */
class AcmeServerIT {
    private static final String NAME = "proxy.example.com";
    private static final String ISSUER = "Pebble Intermediate";

    @TempDir
    Path folder;

    private Pebble pebble;

    @BeforeEach
    void prepare() {
        pebble = new Pebble(AcmeServerIT.class, folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        pebble.stop();
    }

    private ConfigurableApplicationContext server(String more) throws IOException {
        String yaml = AdminClient.USERS
                + PemFiles.bundle(folder, "ca", TestCertificates.SERVER, TestCertificates.CA)
                + """
                server.ssl.bundle: acme
                server.tomcat.connection-timeout: 5m # a connection waits for a renewal
                portproxy:
                  workers: 1
                  data: %s
                  acme:
                    terms-accepted: true
                    directory: %s
                    ssl: {bundle: ca}
                    names: [proxy.example.com]
                    http-bind: 127.0.0.1:%d
                    retry-initial: 1s
                    retry-max: 2s
                    %s
                  server:
                    bind: 127.0.0.1:0
                    ssl: {acme: true}
                    proxy: [{remote-name: home}]
                """.formatted(folder.resolve("data"), pebble.directory(), pebble.httpPort(), more);
        return Started.withAdmin(folder, yaml, "--spring.profiles.active=server");
    }

    @Test
    void theTunnelPortAndTheAdminPageShowTheCertificate() throws Exception {
        pebble.start();
        try (ConfigurableApplicationContext server = server("")) {
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(issuer(tunnelPort(server))).contains(ISSUER));
            await().untilAsserted(() -> assertThat(issuer(adminPort(server))).contains(ISSUER));

            String list = get(server, "/api/v1/certificates");
            assertThat(JsonPath.<List<String>>read(list, "$[*].name")).startsWith("proxy.example.com");
            assertThat(JsonPath.<String>read(list, "$[0].state")).isEqualTo("valid");
            assertThat(JsonPath.<String>read(list, "$[0].issuer")).contains(ISSUER);
            assertThat(get(server, "/actuator/prometheus"))
                    .contains("portproxy_acme_issued_total 1.0")
                    .containsPattern("portproxy_acme_certificate_expiry_seconds\\{name=\"proxy.example.com\"} [1-9]");
        }
        try (ConfigurableApplicationContext again = server("")) {
            assertThat(issuer(tunnelPort(again))).as("kept over a restart").contains(ISSUER);
            assertThat(get(again, "/actuator/prometheus")).contains("portproxy_acme_issued_total 0.0");
        }
    }

    @Test
    void withoutTheAuthorityItServesASelfSignedOneAndTells() throws Exception {
        try (ConfigurableApplicationContext server = server("")) {
            assertThat(issuer(tunnelPort(server))).contains("self-signed");
            await().untilAsserted(() -> assertThat(
                            JsonPath.<String>read(get(server, "/api/v1/certificates"), "$[0].lastFailure"))
                    .contains("cannot be used"));
            assertThat(JsonPath.<List<String>>read(
                            get(server, "/api/v1/process"), "$.warnings[?(@.kind=='certificate')].message"))
                    .singleElement()
                    .asString()
                    .startsWith("proxy.example.com is served with a self-signed certificate");
            String health = get(server, "/actuator/health");
            assertThat(JsonPath.<String>read(health, "$.components.acme.status"))
                    .isEqualTo("UP");
            assertThat(JsonPath.<String>read(health, "$.components.acme.details.failing['proxy.example.com']"))
                    .contains("cannot be used");

            pebble.start();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(issuer(tunnelPort(server))).contains(ISSUER));
        }
    }

    @Test
    void aRenewalCutsNoConnection() throws Exception {
        pebble.lasting(100).start();
        try (ConfigurableApplicationContext server = server("renew-after-percent: 10")) {
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(issuer(adminPort(server))).contains(ISSUER));
            try (SSLSocket open = ShownCertificate.connect(adminPort(server), NAME)) {
                X509Certificate first = ShownCertificate.of(open);

                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(serial(adminPort(server)))
                                .isNotEqualTo(first.getSerialNumber().toString()));
                assertThat(serial(tunnelPort(server)))
                        .isNotEqualTo(first.getSerialNumber().toString());
                assertThat(request(open, "/api/v1/certificates")).startsWith("HTTP/1.1 200");
            }
        }
    }

    private static int tunnelPort(ConfigurableApplicationContext server) {
        return server.getBean(ProxyServer.class).tunnelAddress().getPort();
    }

    private static int adminPort(ConfigurableApplicationContext server) {
        return Integer.parseInt(server.getEnvironment().getRequiredProperty("local.server.port"));
    }

    private static String issuer(int port) throws IOException, GeneralSecurityException {
        return ShownCertificate.at(port, NAME).getIssuerX500Principal().getName();
    }

    private static String serial(int port) throws IOException, GeneralSecurityException {
        return ShownCertificate.at(port, NAME).getSerialNumber().toString();
    }

    private static String get(ConfigurableApplicationContext server, String path)
            throws IOException, GeneralSecurityException {
        try (SSLSocket socket = ShownCertificate.connect(adminPort(server), NAME)) {
            String answer = request(socket, path);
            assertThat(answer).startsWith("HTTP/1.1 200");
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    /** Sends a request with HTTP/1.0, so that the answer ends with the connection. */
    private static String request(SSLSocket socket, String path) throws IOException {
        String credentials = Base64.getEncoder().encodeToString("alice:alice-secret".getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.0\r\nHost: proxy.example.com\r\nAuthorization: Basic " + credentials
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
