package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PlainSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the page that shows the usage. */
class UsagePageIT {
    private static final Path SCREENSHOTS = Path.of(System.getProperty("it.screenshots", "target/screenshots"));

    @TempDir
    Path folder;

    @Test
    void showsWhatWasUsedAndQuotas() throws Exception {
        Chromium browser = Chromium.start(UsagePageIT.class, folder.resolve("profile"));
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
        try (browser;
                ConfigurableApplicationContext server =
                        Started.withAdmin(folder, yaml, "--spring.profiles.active=server")) {
            String port = server.getEnvironment().getRequiredProperty("local.server.port");
            Dashboard dashboard = new Dashboard(browser);
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
            for (boolean dark : new boolean[] {false, true}) {
                browser.preferDark(dark);
                for (int width : new int[] {1280, 360}) {
                    browser.resize(width, 900);
                    dashboard.show("#/usage");
                    browser.awaitText("#quotas-table tbody", "0 B of 1.00 GiB");
                    browser.awaitVisible("#usage-plot canvas");
                    assertThat(browser.script("""
                            return document.querySelector('.top nav [aria-current]').getBoundingClientRect().right"""))
                            .as("the end of the page's name in the list of pages")
                            .satisfies(end ->
                                    assertThat(((Number) end).doubleValue()).isLessThanOrEqualTo(width));
                    assertThat(dashboard.width()).as("width").isLessThanOrEqualTo(width);
                    browser.photograph(SCREENSHOTS.resolve("usage-" + width + (dark ? "-dark.png" : ".png")));
                    assertThat(browser.violations())
                            .as("dark: %s, width: %s", dark, width)
                            .isEmpty();
                }
            }
            dashboard.show("#/usage?by=month");
            browser.awaitText("#detail h2", "Each month");
            browser.find("#usage-by").sendKeys("The last 48");
            browser.awaitText("#detail h2", "Each hour");
            dashboard.show("#/usage?by=month&remote=other");
            browser.awaitText("#usage-empty", "Nothing was used in this time");
            assertThat(browser.errors()).isEmpty();
        }
    }
}
