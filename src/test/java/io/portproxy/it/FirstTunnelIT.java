package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests the whole life of a remote on the dashboard, from an empty server on. Everything that the test types or runs is what the page says. */
class FirstTunnelIT {
    @RegisterExtension
    static final Children children = Children.ofClass();

    @RegisterExtension
    static final Browsing browsing = Browsing.withRefusals();

    @TempDir
    private static Path folder;

    private static ManageBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = new ManageBed(children, folder, "[]");
    }

    @AfterAll
    static void stop() throws IOException {
        if (bed != null) {
            bed.close();
        }
    }

    @AfterEach
    void complainsOfNothing() {
        bed.assertNothingWentWrong();
    }

    @Test
    void bringsUpAFirstTunnelAddsAPortAndRevokesTheToken() throws Exception {
        Chromium browser = browsing.browser();
        Dashboard dashboard = browsing.dashboard();
        ManagePage page = browsing.page();
        int exposed = FreePorts.find();
        int second = FreePorts.find();
        int third = FreePorts.find();
        dashboard.logIn(bed.url(), "bob");
        browser.awaitText("#first", "This server exposes nothing.");
        dashboard.logIn(bed.url(), "alice");
        browser.awaitText("#first-title", "Your first tunnel");
        browsing.looks().assertUsable("first");

        page.fill("name", "home");
        page.fill("remote", String.valueOf(bed.target()));
        page.fill("bind", String.valueOf(exposed));
        page.submit();
        browser.awaitVisible("#token");
        String token = browser.texts("#token").get(0);
        for (String way : page.ways()) {
            browser.click("[name=way][value="
                    + (way.equals("Command line") ? "command" : way.toLowerCase(java.util.Locale.ROOT)) + "]");
            assertThat(page.copyWay()).as(way).contains(token, "home");
        }
        browser.click("[name=way][value=command]");
        Child remote = bed.run(page.copyWay());

        page.press("I have it");
        browser.awaitText(".facts .badge", "up");
        assertThat(browser.texts("body").get(0)).doesNotContain(token);
        assertThat(EchoUser.isServed(exposed)).isTrue();

        page.press("Add a port");
        page.fill("bind", String.valueOf(second));
        page.fill("remote", String.valueOf(bed.target()));
        page.submit();
        browser.awaitText("#remote-ports-table tbody", ":" + second);
        assertThat(EchoUser.isServed(second)).isTrue();
        browsing.looks().photograph("managed-up");

        page.press("Add a port");
        page.fill("bind", String.valueOf(third));
        page.fill("remote", String.valueOf(FreePorts.find()));
        page.submit();
        browser.awaitText("#remote-ports-table tbody", ":" + third);
        assertThat(EchoUser.isServed(third))
                .as("what the remote does not allow")
                .isFalse();
        browser.awaitText("#remote-ports-table .badge", "target refused");

        page.press("Revoke first");
        browser.click("#confirm-yes");
        browser.awaitText(".facts .badge", "away");
        assertThat(EchoUser.isServed(second)).isFalse();
        assertThat(remote.isRunning()).as("it tries again, and is refused").isTrue();
        assertThat(bed.log()).doesNotContain(token);
    }
}
