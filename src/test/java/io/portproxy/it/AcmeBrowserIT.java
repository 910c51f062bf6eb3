package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.Programs;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.WebUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests a browser at a gateway whose certificate Pebble has issued. The browser trusts Pebble's root and no other certificate of the test. */
class AcmeBrowserIT {
    private static final String NAME = "app.example.com";

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private Pebble pebble;

    @BeforeEach
    void startPebble() throws IOException {
        Chromium.require(AcmeBrowserIT.class);
        pebble = new Pebble(AcmeBrowserIT.class, folder);
        pebble.start();
    }

    @AfterEach
    void stopPebble() throws InterruptedException {
        pebble.stop();
    }

    @Test
    void thePageIsShownToWhoTrustsTheAuthority() throws Exception {
        CompletableFuture<Chromium> trusting = browser("trusting", List.of(pebble.root()));
        CompletableFuture<Chromium> doubting = browser("doubting", List.of());
        try (Target target = WebUnderTest.application(WebUnderTest.heads(), "Content-Type: text/plain");
                ConfigurableApplicationContext server =
                        Started.with(folder, yaml(target.port()), "--spring.profiles.active=server");
                ClientUnderTest client = new ClientUnderTest(Speech.CLASSIC.client(
                        "home", server.getBean(ProxyServer.class).tunnelAddress()))) {
            AcmeGatewayIT.awaitCertificate(pebble.tlsPort(), NAME);
            Chromium.await().until(client::connected);

            Chromium browser = trusting.join();
            browser.open("https://" + NAME + "/page");

            assertThat(browser.texts("body")).containsExactly("at /page");
            assertThat(browser.script("return window.isSecureContext + ' ' + location.href"))
                    .isEqualTo("true https://" + NAME + "/page");

            browser = doubting.join();
            browser.open("https://" + NAME + "/page");

            browser.awaitText("body", "ERR_CERT_AUTHORITY_INVALID");
        } finally {
            trusting.join().close();
            doubting.join().close();
        }
    }

    /** Begins to start a browser that resolves the name to the gateway, and that has a home folder of its own with its own authorities. */
    private CompletableFuture<Chromium> browser(String name, List<String> roots)
            throws IOException, InterruptedException {
        Path certutil = Programs.require(AcmeBrowserIT.class, "certutil");
        Path home = folder.resolve(name);
        String database = "sql:" + Files.createDirectories(home.resolve(".pki/nssdb"));
        children.run(certutil, "-N", "-d", database, "--empty-password");
        for (String root : roots) {
            Path file = Files.writeString(home.resolve("root.pem"), root);
            children.run(certutil, "-A", "-d", database, "-n", "root", "-t", "C,,", "-i", file);
        }
        return CompletableFuture.supplyAsync(() -> Chromium.start(
                AcmeBrowserIT.class,
                Map.of("HOME", home.toString()),
                "--host-resolver-rules=MAP " + NAME + " 127.0.0.1:" + pebble.tlsPort()));
    }

    private String yaml(int target) throws IOException {
        return PemFiles.bundle(folder, "ca", TestCertificates.SERVER, TestCertificates.CA)
                + """
                portproxy:
                  workers: 1
                  data: %s
                  acme:
                    terms-accepted: true
                    directory: %s
                    ssl: {bundle: ca}
                    retry-initial: 1s
                    retry-max: 2s
                  server:
                    bind: 127.0.0.1:0
                    gateways: [{name: tls, bind: '127.0.0.1:%d', ssl: {acme: true}}]
                    proxy:
                      - remote-name: home
                        host-list: [{host: %s, remote: %d}]
                """.formatted(folder.resolve("data"), pebble.directory(), pebble.tlsPort(), NAME, target);
    }
}
