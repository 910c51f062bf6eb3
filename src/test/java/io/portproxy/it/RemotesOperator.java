package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;

/** The operator of a remote, who looks at the dashboard of a process without the server role while it has one stream. */
final class RemotesOperator {
    /** The parts that only a server has, and the filters that would have only one choice. */
    private static final String SERVERS_PARTS =
            "#ports, [data-page=ports], [data-page=usage], #f-port, #f-remote, #f-role";

    /** The pages, each with a text that it shows. */
    private static final Map<String, String> PAGES = Map.of(
            "#/", "remote up",
            "#/remotes", "home",
            "#/remotes/home", "Tunnels that came up",
            "#/connections", "1–1 of 1",
            "#/events", "connection opened");

    private final Chromium browser;
    private final Dashboard dashboard;
    private final Looks looks;

    RemotesOperator(Browsing browsing) {
        this.browser = browsing.browser();
        this.dashboard = browsing.dashboard();
        this.looks = browsing.looks();
    }

    /** Checks that every page fits, is accessible, and has no part of a server's. */
    void looksAtAllPages(int width) throws IOException {
        browser.resize(width, 900);
        for (Map.Entry<String, String> page : PAGES.entrySet()) {
            String route = page.getKey();
            dashboard.show(route);
            browser.awaitText("main", page.getValue());
            assertThat(browser.countVisible(SERVERS_PARTS))
                    .as("parts of a server at %s", route)
                    .isZero();
            looks.assertFits(route, width);
            looks.photograph("client" + route.replaceAll("\\W+", "-") + width);
            assertThat(browser.violations()).as(route).isEmpty();
        }
    }

    /** Checks that the tunnel is up and measured, and that the stream to that target has had 12,345 bytes. */
    void seesTheTunnelAndTheStream(String target) {
        dashboard.show("#/ports"); // a page that it does not have
        browser.awaitText("h1", "Overview");
        browser.awaitText("[data-tile=remotes] .figure", "up");
        browser.awaitText("[data-tile=trip] .figure", " ms");
        browser.awaitText("[data-tile=streams] .figure", "1");
        assertThat(dashboard.stateOf("home")).isEqualTo("up");

        dashboard.show("#/connections");
        browser.awaitText("#connections-table td", "12.1 KiB");
        browser.awaitText("#connections-table td", target);

        dashboard.show("#/remotes/home");
        browser.awaitText("#detail tbody tr", " ms");
        browser.awaitText("#allowed", "127.0.0.1:*");
        browser.awaitText("#asked-table tbody tr", target);
        browser.awaitText("#asked-table .badge", "allowed");
    }

    /** Checks that the page reports the loss of the remote, not of the server that the remote dials. */
    void isToldWhatIsLost() {
        browser.cutOff(true);
        browser.awaitText("#banner", "No answer from the remote since");
        browser.awaitText("#link", "remote lost");
        browser.cutOff(false);
        browser.awaitText("#link", "connected");
    }
}
