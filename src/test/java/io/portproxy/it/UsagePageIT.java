package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PlainSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the page that shows the usage. */
class UsagePageIT {
    @RegisterExtension
    static final Browsing browsing = Browsing.withoutErrors();

    @TempDir
    Path folder;

    @Test
    void showsWhatWasUsedAndQuotas() throws Exception {
        String yaml = AdminClient.USERS + """
                portproxy:
                  workers: 1
                  data: %s
                  usage.interval: 100ms
                  server:
                    bind: '127.0.0.1:0'
                    proxy:
                      - remote-name: home
                        quota: {bytes: 1GB, per: day}
                        port-list: [{bind: '127.0.0.1:0', remote: 1}]
                      - {remote-name: other, port-list: [{bind: '127.0.0.1:0', remote: 1}]}
                """.formatted(folder.resolve("data"));
        try (ConfigurableApplicationContext server =
                Started.withAdmin(folder, yaml, "--spring.profiles.active=server")) {
            Chromium browser = browsing.browser();
            Dashboard dashboard = browsing.dashboard();
            String port = server.getEnvironment().getRequiredProperty("local.server.port");
            dashboard.logIn("http://127.0.0.1:" + port + "/", "alice");

            dashboard.show("#/usage");
            browser.awaitText("#usage-empty", "When somebody connects to an exposed port");
            assertThat(browser.violations()).isEmpty();

            try (PlainSocket user = PlainSocket.connect(
                    server.getBean(ProxyServer.class).exposedAddresses().get(0))) {
                user.awaitEnd();
            }
            dashboard.show("#/usage");
            browser.awaitText("#usage-table tbody", "1");
            browser.awaitText("#detail h2", "Each day");
            browser.awaitText("#quotas-table tbody", "home");
            browser.awaitText("#quotas-table tbody", "0 B of 1.00 GiB");
            browser.awaitVisible("#usage-plot canvas");
            browsing.looks().assertUsable("usage", () -> {
                dashboard.show("#/usage");
                browser.awaitText("#quotas-table tbody", "0 B of 1.00 GiB");
                browser.awaitVisible("#usage-plot canvas");
                assertThat(browser.script("""
                        const end = document.querySelector('.top nav [aria-current]').getBoundingClientRect().right;
                        return innerWidth - end;"""))
                        .as("what is left of the window beside the page's name in the list of pages")
                        .satisfies(left ->
                                assertThat(((Number) left).doubleValue()).isNotNegative());
            });
            dashboard.show("#/usage?by=month");
            browser.awaitText("#detail h2", "Each month");
            browser.find("#usage-by").sendKeys("The last 48");
            browser.awaitText("#detail h2", "Each hour");
            dashboard.show("#/usage?by=month&remote=other");
            browser.awaitText("#usage-empty", "Nothing was used in this time");
        }
    }
}
