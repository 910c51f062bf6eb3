package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests gateways that answer the challenges of Pebble themselves and show its certificates. */
class AcmeGatewayIT {
    private static final String ISSUER = "Pebble Intermediate";
    private static final String ONE = "one.example.com";
    private static final String TWO = "two.example.com";

    @TempDir
    Path folder;

    private Pebble pebble;

    @BeforeEach
    void prepare() throws IOException {
        pebble = new Pebble(AcmeGatewayIT.class, folder);
        pebble.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        pebble.stop();
    }

    private String yaml(String gateways, String hosts) throws IOException {
        return PemFiles.bundle(folder, "ca", TestCertificates.SERVER, TestCertificates.CA)
                + """
                portproxy:
                  workers: 1
                  data: %s
                  reload-interval: 100ms
                  acme:
                    terms-accepted: true
                    directory: %s
                    ssl: {bundle: ca}
                    retry-initial: 1s
                    retry-max: 2s
                  server:
                    bind: 127.0.0.1:0
                    gateways: [%s]
                    proxy:
                      - remote-name: home
                        host-list: [%s]
                """.formatted(folder.resolve("data"), pebble.directory(), gateways, hosts);
    }

    private ConfigurableApplicationContext server(String gateways, String hosts) throws IOException {
        return Started.with(folder, yaml(gateways, hosts), "--spring.profiles.active=server");
    }

    static void awaitCertificate(int port, String name) {
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(issuer(port, name)).contains(ISSUER));
    }

    private static String issuer(int port, String name) throws IOException, GeneralSecurityException {
        return ShownCertificate.at(port, name).getIssuerX500Principal().getName();
    }

    @Test
    void aPlainGatewayThatRedirectsAnswersTheAuthorityAndHostsMayBeAddedLater() throws Exception {
        String gateways = "{name: web, bind: '127.0.0.1:" + pebble.httpPort()
                + "', redirect-to-https: true}, {name: tls, bind: '127.0.0.1:0', ssl: {acme: true}}";
        String one = "{host: " + ONE + ", remote: 1}, {host: '*.dev.example.com', remote: 1}";
        try (ConfigurableApplicationContext server = server(gateways, one)) {
            int port =
                    server.getBean(ProxyServer.class).gatewayAddresses().get(1).getPort();
            awaitCertificate(port, ONE);
            assertThatThrownBy(() -> issuer(port, TWO)).isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> issuer(port, "a.dev.example.com")).isInstanceOf(SSLException.class);

            Started.write(folder, "test.yml", yaml(gateways, one + ", {host: " + TWO + ", remote: 1}"));

            awaitCertificate(port, TWO);
            assertThat(ShownCertificate.at(port, TWO)
                            .getSubjectAlternativeNames()
                            .toString())
                    .contains(TWO)
                    .doesNotContain(ONE);
        }
    }

    @Test
    void aGatewayWithTlsAnswersTheAuthorityItself() throws Exception {
        String gateways = "{name: tls, bind: '127.0.0.1:" + pebble.tlsPort() + "', ssl: {acme: true}}";
        String hosts = "{host: " + ONE + ", remote: 1}, {host: " + TWO + ", tls: passthrough, remote: 1}";
        try (ConfigurableApplicationContext server = server(gateways, hosts)) {
            awaitCertificate(pebble.tlsPort(), ONE);

            assertThat(server.getBean(AcmeCertificates.class).views())
                    .as("the target has the certificate of the other")
                    .singleElement()
                    .satisfies(view -> assertThat(view.name()).isEqualTo(ONE));
        }
    }
}
