package io.portproxy.config.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.portproxy.config.Checked;
import io.portproxy.config.Started;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.properties.Secret;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests SSL bundles, from the files to the context that handshakes use. */
@ExtendWith(OutputCaptureExtension.class)
class TlsConfigurationTest {
    private static final String CA = TestCertificates.CA;
    private static final String SERVER = """
            portproxy:
              workers: 1
              server:
                bind: 127.0.0.1:0
                proxy: [{remote-name: one}]
                ssl: {bundle: own}
            """;
    private static final String CLIENT = """
            portproxy:
              workers: 1
              client:
                name: one
                server: 127.0.0.1:1
                ssl: {bundle: own}
            """;

    @TempDir
    private Path folder;

    private ConfigurableApplicationContext watchingServer() throws IOException {
        String yaml = SERVER
                + PemFiles.bundle(folder, "own", TestCertificates.SERVER, "")
                + "spring.ssl.bundle.watch.file.quiet-period: 50ms\n";
        return Started.with(folder, yaml, "--spring.profiles.active=server");
    }

    @Test
    void showsTheBundlesCertificateAndAfterAReloadTheNewOne(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = watchingServer()) {
            TlsSettings tls = serverTls(context);
            SSLContext first = tls.context().get();
            assertThat(tls.clientCertificate()).isFalse();
            assertThat(shown(first)).isEqualTo(TestCertificates.certificate(TestCertificates.SERVER));
            assertThat(tls.context().get()).as("made once").isSameAs(first);

            PemFiles.write(folder, "own", TestCertificates.SERVER_2, "");

            Certificate renewed = TestCertificates.certificate(TestCertificates.SERVER_2);
            await().untilAsserted(() -> assertThat(shown(tls.context().get())).isEqualTo(renewed));
            assertThat(shown(first)).as("what is up stays").isNotEqualTo(renewed);
            await().untilAsserted(() ->
                    assertThat(output).contains("SSL bundle own was reloaded, its certificate is valid until 20"));
        }
    }

    @Test
    void keepsTheLastCertificateWhenTheNewOneCannotBeUsed(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = watchingServer()) {
            TlsSettings tls = serverTls(context);
            SSLContext first = tls.context().get();

            Files.writeString(folder.resolve("own.crt"), "half a certificate");

            await().untilAsserted(() -> assertThat(output).containsAnyOf("cannot be used", "SSL reload error"));
            assertThat(tls.context().get()).isSameAs(first);
        }
    }

    @Test
    void keepsTheLastCertificateUntilTheKeyOfTheNewOneIsThere(CapturedOutput output) throws Exception {
        String yaml = SERVER
                + PemFiles.bundle(folder, "own", TestCertificates.SERVER, "")
                + "spring.ssl.bundle.watch.file.quiet-period: 50ms\n";
        PemFiles.write(folder, "next", TestCertificates.SERVER_2, "");
        try (ConfigurableApplicationContext context = Started.with(folder, yaml, "--spring.profiles.active=server")) {
            TlsSettings tls = serverTls(context);
            SSLContext first = tls.context().get();

            Files.copy(folder.resolve("next.crt"), folder.resolve("own.crt"), StandardCopyOption.REPLACE_EXISTING);

            await().untilAsserted(() -> assertThat(output)
                    .contains("the previous one: the private key is not that of the certificate of CN="));
            assertThat(tls.context().get()).isSameAs(first);

            Files.copy(folder.resolve("next.key"), folder.resolve("own.key"), StandardCopyOption.REPLACE_EXISTING);

            Certificate renewed = TestCertificates.certificate(TestCertificates.SERVER_2);
            await().untilAsserted(() -> assertThat(shown(tls.context().get())).isEqualTo(renewed));
        }
    }

    @Test
    void trustsANewAuthorityAfterAReload(CapturedOutput output) throws Exception {
        String yaml = CLIENT
                + PemFiles.bundle(folder, "own", "", TestCertificates.FALSE_CA)
                + "spring.ssl.bundle.watch.file.quiet-period: 50ms\n";
        try (ConfigurableApplicationContext context = Started.with(folder, yaml, "--spring.profiles.active=client")) {
            TlsSettings tls = context.getBean(ProcessSettings.class)
                    .client()
                    .orElseThrow()
                    .tls()
                    .orElseThrow();
            SSLContext first = tls.context().get();

            PemFiles.write(folder, "own", "", CA);

            await().until(() -> tls.context().get() != first);
            assertThat(handshake(
                            TestCertificates.context(TestCertificates.SERVER),
                            tls.context().get()))
                    .isEqualTo(TestCertificates.certificate(TestCertificates.SERVER));
            assertThat(output).contains("SSL bundle own was reloaded");
        }
    }

    @Test
    void asksForCertificatesWhenToldTo() throws IOException {
        String yaml = SERVER.replace("{bundle: own}", "{bundle: own, client-auth: need}")
                + PemFiles.bundle(folder, "own", TestCertificates.SERVER, CA);
        ProcessSettings checked = Checked.with(folder, yaml, "--spring.profiles.active=server");
        assertThat(serverTls(checked).clientCertificate()).isTrue();
    }

    @Test
    void letsAClientDoWithAuthoritiesAloneInEitherDialect() throws IOException {
        String yaml = CLIENT + "    protocol: classic\n" + PemFiles.bundle(folder, "own", "", CA);
        TlsSettings tls = Checked.with(folder, yaml, "--spring.profiles.active=client")
                .client()
                .orElseThrow()
                .tls()
                .orElseThrow();
        assertThat(catchThrowable(() -> handshake(
                        TestCertificates.context(TestCertificates.SERVER),
                        tls.context().get())))
                .isNull();
        assertThat(catchThrowable(() -> handshake(
                        TestCertificates.context(TestCertificates.STRANGER),
                        tls.context().get())))
                .hasMessageContaining("unable to find valid certification path");
    }

    @Test
    void takesTheBundlesVersionsAndSuites() throws IOException {
        String yaml = CLIENT
                + PemFiles.bundle(folder, "own", "", CA)
                + "  options: {enabled-protocols: TLSv1.3, ciphers: TLS_AES_256_GCM_SHA384}\n";
        TlsSettings tls = Checked.with(folder, yaml, "--spring.profiles.active=client")
                .client()
                .orElseThrow()
                .tls()
                .orElseThrow();
        assertThat(tls.protocols()).containsExactly("TLSv1.3");
        assertThat(tls.cipherSuites()).containsExactly("TLS_AES_256_GCM_SHA384");
    }

    @Test
    void namesTheBundlesThatExist() throws IOException {
        String yaml = SERVER
                + PemFiles.bundle(folder, "mine", TestCertificates.SERVER, "")
                + PemFiles.bundle(folder, "another", "", CA);

        FailureAnalysis report = failure(yaml, "server");

        assertThat(report.getDescription())
                .contains("portproxy.server.ssl.bundle: own", "those that exist are another, mine", "test.yml");
        assertThat(report.getAction()).contains("set spring.ssl.bundle.pem.own.*, or write another bundle's name");
    }

    @Test
    void refusesAServersBundleWithoutAKey() throws IOException {
        FailureAnalysis report = failure(SERVER + PemFiles.bundle(folder, "own", "", CA), "server");

        assertThat(report.getDescription()).contains("portproxy.server.ssl.bundle: own", "has no key");
        assertThat(report.getAction()).contains("set spring.ssl.bundle.pem.own.keystore.certificate and");
    }

    @Test
    void refusesToTakeAnyAuthoritysWordForRemotes() throws IOException {
        String yaml = SERVER.replace("{bundle: own}", "{bundle: own, client-auth: need}")
                + PemFiles.bundle(folder, "own", TestCertificates.SERVER, "");

        FailureAnalysis report = failure(yaml, "server");

        assertThat(report.getDescription()).contains("portproxy.server.ssl.bundle: own", "which authority to trust");
        assertThat(report.getAction()).contains("set spring.ssl.bundle.pem.own.truststore.certificate");
    }

    @Test
    void refusesVersionsAndSuitesThatCannotBeUsed() throws IOException {
        String yaml = CLIENT + PemFiles.bundle(folder, "own", "", CA);

        FailureAnalysis version = failure(yaml + "  options: {enabled-protocols: TLSv1.1}\n", "client");
        FailureAnalysis suite = failure(yaml + "  options: {ciphers: TLS_FAST}\n", "client");

        assertThat(version.getDescription()).contains("portproxy.client.ssl.bundle: own", "not [TLSv1.1]");
        assertThat(suite.getDescription()).contains("portproxy.client.ssl.bundle: own", "TLS_FAST");
        assertThat(List.of(version, suite))
                .extracting(FailureAnalysis::getAction)
                .allSatisfy(fix -> assertThat(fix).contains("correct or remove spring.ssl.bundle.pem.own.options"));
    }

    @Test
    void saysWhichFileOfABundleIsMissing() throws IOException {
        String yaml = SERVER + PemFiles.bundle(folder, "own", TestCertificates.SERVER, "");
        Files.delete(folder.resolve("own.key"));

        FailureAnalysis report = failure(yaml, "server");

        assertThat(report.getDescription())
                .contains("portproxy.server.ssl.bundle: own", "cannot be loaded: ")
                .contains("own.key");
    }

    @ParameterizedTest
    @CsvSource({
        "own.crt, keystore.certificate, CERTIFICATE",
        "own.key, keystore.private-key, PRIVATE KEY",
        "own.ca, truststore.certificate, CERTIFICATE"
    })
    void saysWhichFileOfABundleIsNoPem(String file, String key, String line) throws IOException {
        String yaml = SERVER + PemFiles.bundle(folder, "own", TestCertificates.SERVER, CA);
        Files.writeString(folder.resolve(file), "no PEM");

        FailureAnalysis report = failure(yaml, "server");

        String property = "spring.ssl.bundle.pem.own." + key;
        assertThat(report.getDescription())
                .contains("portproxy.server.ssl.bundle: own", "cannot be loaded: the file " + folder.resolve(file))
                .contains("of " + property + " has no usable ");
        assertThat(report.getAction()).contains("let " + property + " name a file", "-----BEGIN " + line + "-----");
    }

    @Test
    void doesNotShowAKeyThatWasWrittenForAFile() throws IOException {
        String key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdGhpcyBpcyBub3QgYSBrZXk";
        PemFiles.write(folder, "own", TestCertificates.SERVER, "");
        String yaml = SERVER + "spring.ssl.bundle.pem.own.keystore: {certificate: '" + folder.resolve("own.crt")
                + "', private-key: " + key + "}\n";

        FailureAnalysis report = failure(yaml, "server");

        assertThat(report.getDescription())
                .contains("portproxy.server.ssl.bundle: own", "cannot be loaded: ", Secret.HIDDEN)
                .doesNotContain(key);
    }

    private FailureAnalysis failure(String yaml, String profile) {
        return Checked.failure(folder, yaml, "--spring.profiles.active=" + profile);
    }

    private static TlsSettings serverTls(ConfigurableApplicationContext context) {
        return serverTls(context.getBean(ProcessSettings.class));
    }

    private static TlsSettings serverTls(ProcessSettings checked) {
        CheckedServer server = checked.server().orElseThrow();
        return server.settings().port().tls().orElseThrow();
    }

    /** Returns the certificate that a server shows. */
    private static Certificate shown(SSLContext server) throws Exception {
        return handshake(server, TestCertificates.context("", CA));
    }

    private static Certificate handshake(SSLContext server, SSLContext client) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket listener = new ServerSocket(0, 1, loopback);
                Socket dialled = new Socket(loopback, listener.getLocalPort());
                Socket accepted = listener.accept()) {
            SSLSocket serving = layered(server, accepted, false);
            CompletableFuture<Throwable> served =
                    CompletableFuture.supplyAsync(() -> catchThrowable(serving::startHandshake));
            try {
                SSLSocket dialling = layered(client, dialled, true);
                dialling.startHandshake();
                return dialling.getSession().getPeerCertificates()[0];
            } finally {
                served.join();
            }
        }
    }

    /** Returns TLS over a socket. The caller closes the socket itself, because closing TLS would wait for the peer. */
    private static SSLSocket layered(SSLContext context, Socket socket, boolean dialled) throws IOException {
        socket.setSoTimeout(10_000);
        SSLSocket layered =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), false);
        layered.setUseClientMode(dialled);
        return layered;
    }
}
