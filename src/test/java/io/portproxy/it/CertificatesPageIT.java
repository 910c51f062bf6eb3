package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests how the dashboard's first page shows certificates. */
class CertificatesPageIT {
    @RegisterExtension
    static final Browsing browsing = Browsing.withoutErrors();

    @TempDir
    Path folder;

    @Test
    void theFirstPageTellsOfCertificatesThatFail() throws Exception {
        String yaml = AdminClient.USERS + """
                portproxy:
                  workers: 1
                  data: %s
                  acme:
                    terms-accepted: true
                    directory: https://127.0.0.1:1/directory
                    names: [proxy.example.com]
                    http-bind: 127.0.0.1:0
                  server: {bind: '127.0.0.1:0', proxy: [{remote-name: home, port-list: []}]}
                """.formatted(folder.resolve("data"));
        try (ConfigurableApplicationContext server =
                Started.withAdmin(folder, yaml, "--spring.profiles.active=server")) {
            Chromium browser = browsing.browser();
            String port = server.getEnvironment().getRequiredProperty("local.server.port");
            browsing.dashboard().logIn("http://127.0.0.1:" + port + "/", "alice");

            browser.awaitVisible("#certificates");
            await().untilAsserted(() -> assertThat(browser.visibleTexts("#certificates-table tbody tr"))
                    .singleElement()
                    .asString()
                    .contains("proxy.example.com", "ACME", "self-signed", "cannot be used"));
            browser.awaitText("#warnings li", "proxy.example.com is served with a self-signed certificate");
            assertThat(browser.violations()).isEmpty();
        }
    }
}
