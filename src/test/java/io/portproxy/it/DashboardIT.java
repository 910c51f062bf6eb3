package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.TestRemote;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Tests what an operator sees and does in a browser. All tests share one browser and one server. */
class DashboardIT {
    private static final int MANY = 10_000;
    private static final int PAGE = 100;

    @RegisterExtension
    static final Children children = Children.ofClass();

    @RegisterExtension
    static final Browsing browsing = Browsing.withoutErrors();

    @TempDir
    private static Path folder;

    private static Chromium browser;
    private static Dashboard dashboard;
    private static DashboardBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = new DashboardBed(children, folder);
        browser = browsing.browser();
        dashboard = browsing.dashboard();
    }

    @AfterAll
    static void stop() throws IOException {
        if (bed != null) {
            bed.close();
        }
    }

    @BeforeEach
    void logIn() {
        dashboard.logIn(bed.url(""), "alice");
    }

    @AfterEach
    void complainsOfNothing() {
        bed.assertNothingWentWrong();
    }

    @Test
    void letsNobodyInWithAWrongPassword() {
        browser.open("about:blank");
        browser.forgetCookies();
        browser.open(bed.url("#/remotes/home"));

        dashboard.enter("alice", "wrong");
        browser.awaitText("[role=alert]", "wrong");
        browsing.looks().photograph("login");
        dashboard.enter("alice", "alice-secret");

        browser.awaitText("h1", "home");
        browser.errors();
    }

    @Test
    void letsAnotherTabInAndForgetsTheLoginInBothAfterALogout() {
        browser.openTab(bed.url("#/remotes/home"));
        browser.awaitText("#link", "connected");
        browser.awaitText("h1", "home");
        browser.reload();
        browser.awaitText("#link", "connected");

        browser.click("#logout");
        browser.awaitVisible("#login");
        browser.showFirstTab();
        browser.awaitText("#banner", "You are logged out");

        browser.click("#banner-login");
        dashboard.enter("alice", "alice-secret");
        browser.awaitText("#link", "connected");
        browser.errors(); // errors of the answers 401
    }

    @Test
    void asksForALoginWhereNoOtherTabHasOne() {
        dashboard.show("#/");
        browser.script("sessionStorage.clear()");
        browser.reload();

        browser.awaitVisible("#login");
        dashboard.enter("alice", "alice-secret");
        browser.awaitText("#user", "alice");
    }

    @Test
    void showsAndTriesTheApisDescription() {
        browser.open(bed.url("swagger-ui.html"));
        browser.errors(); // errors of the answer 401 before a login is found
        browser.click("#operations-me-getMe .opblock-summary-control");
        browser.click("#operations-me-getMe .try-out__btn");
        browser.click("#operations-me-getMe .execute");
        browser.awaitText("#operations-me-getMe .live-responses-table", "\"alice\"");
        browsing.looks().photograph("api");

        browser.script("sessionStorage.clear()");
        browser.reload();
        dashboard.enter("alice", "alice-secret");

        browser.awaitText("#swagger-ui .info .title", "PortProxy admin API");
    }

    @Test
    void showsRemotesComeAndGo() throws Exception {
        dashboard.show("#/remotes");
        browser.awaitText("#remotes-table", "guest");
        assertThat(dashboard.stateOf("guest")).isEqualTo("away");

        try (TestRemote guest = bed.greet("guest")) {
            Chromium.await().until(() -> dashboard.stateOf("guest").equals("up"));
            assertThat(dashboard.stateOf("home")).isEqualTo("up");
            assertThat(guest.peer()).isNotNull();
        }

        Chromium.await().until(() -> dashboard.stateOf("guest").equals("away"));
        browser.open(bed.url("#/events"));
        browser.awaitText("#events-list li", "remote up");
        browser.awaitText("#events-list li", "remote down");

        browser.reload();
        browser.awaitText("#events-list li", "remote down");
    }

    @Test
    void showsWhatIsWrongFirst() {
        dashboard.show("#/");

        browser.awaitText("#process", "remotes connect to 127.0.0.1:");
        browser.awaitText("#ports-table .badge", "remote away");
        browser.awaitText("#ports-table .badge", "ready");
        assertThat(browser.texts("#remotes-table tbody th")).last().isEqualTo("home");
        browser.awaitText("#remotes-table td", "has not connected since the start");

        browser.click("[data-tile=remotes] a");
        browser.awaitText("h1", "Remotes");
        assertThat(browser.url()).endsWith("#/remotes?find=away");
        assertThat(browser.texts("#remotes-table tbody th")).doesNotContain("home");
    }

    @Test
    void keepsTheChoiceOfEvents() {
        dashboard.show("#/events?kinds=remotes");
        browser.awaitText("#events-list li", "remote up");
        browser.type("#events-search", "home");
        Chromium.await().until(() -> browser.url().endsWith("#/events?search=home&kinds=remotes"));

        browser.reload();

        browser.awaitText("#events-list li", "remote up");
        assertThat(browser.script("return document.getElementById('events-search').value"))
                .isEqualTo("home");
        assertThat(browser.texts("#events-list li")).allMatch(text -> text.contains("home"));
        assertThat(browser.script("return document.querySelectorAll('#kinds :checked').length"))
                .isEqualTo(1L);
    }

    @Test
    void takesNamesAsText() {
        dashboard.show("#/");

        browser.awaitText("#remotes-table tbody th", DashboardBed.EVIL);
        assertThat(browser.texts("main img")).isEmpty();
    }

    @Test
    void countsBytesAndClosesAConnectionWhenAskedTwice() throws Exception {
        dashboard.show("#/connections?remote=home");
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(bed.home));
                PlainSocket serving = bed.target().accept()) {
            user.send(new byte[12_345]);
            serving.awaitReceived(12_345);
            Chromium.await()
                    .untilAsserted(() -> assertThat(
                                    browser.script(
                                            "return document.querySelector('#connections-table td[title=\"12,345 bytes\"]')?.textContent"))
                            .isEqualTo("12.1 KiB"));

            browser.click("#connections-table tbody button");
            browser.awaitText("#confirm-title", "Close connection ");
            assertThat(browser.focused().getText()).isEqualTo("Cancel");
            browser.focused().sendKeys(Keys.ENTER);
            Chromium.await().until(() -> browser.countVisible("dialog") == 0);
            assertThat(user.end()).isEmpty();

            browser.click("#connections-table tbody button");
            browser.click("#confirm-yes");

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(serving.awaitEnd()).isEqualTo(End.RESET);
            browser.awaitText("#said", "Closed 1 connection.");
            browser.awaitText("#connections-empty", "No connection matches.");
            assertThat(browser.focused().getTagName()).as("what keys go to").isNotEqualTo("body");
        }
    }

    @Test
    void showsOneConnectionUntilItHasEnded() throws Exception {
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(bed.home));
                PlainSocket serving = bed.target().accept()) {
            dashboard.show("#/connections");
            browser.click("#connections-table tbody a[href^='#/connections/']");
            browser.awaitText(".facts", "127.0.0.1:" + user.localPort());
            assertThat(browser.focused().getTagName()).isEqualTo("h1");

            browser.reload();

            browser.awaitText(".facts", "127.0.0.1:" + user.localPort());
            serving.reset();
            browser.awaitText("#detail", "This connection ended at ");
        }
        browser.errors(); // errors of the answer 404
    }

    @Test
    void keepsWhatAnAddressNamesAndChangesItWithTheKeyboard() {
        dashboard.show("#/connections?remote=home&sort=bytesIn,desc");
        browser.reload();
        browser.awaitText("[aria-sort=descending]", "In");
        assertThat(browser.script("return document.getElementById('f-remote').value"))
                .isEqualTo("home");

        browser.find("#connections-table thead [aria-sort=descending] button").sendKeys(Keys.ENTER);
        browser.awaitText("[aria-sort=ascending]", "In");
        browser.type("#f-search", "nobody");

        Chromium.await()
                .untilAsserted(() -> assertThat(browser.url())
                        .endsWith("#/connections?remote=home&sort=bytesIn%2Casc&search=nobody"));
        browser.reload();
        browser.awaitText("#connections-empty", "No connection matches.");
        assertThat(browser.script("return document.getElementById('f-search').value"))
                .isEqualTo("nobody");
    }

    @Test
    void saysWhatIsNotThere() {
        dashboard.show("#/remotes/nobody");

        browser.awaitText("#detail", "There is no remote nobody.");
    }

    @Test
    void letsViewersLookOnly() throws Exception {
        dashboard.logIn(bed.url(""), "bob");
        browser.errors();
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(bed.home));
                PlainSocket serving = bed.target().accept()) {
            for (String route :
                    List.of("#/", "#/connections?remote=home", "#/remotes/home", "#/ports/127.0.0.1:" + bed.home)) {
                dashboard.show(route);
                browser.awaitVisible("main tbody tr, main .facts dd");
                assertThat(browser.texts("main button"))
                        .as("buttons at %s", route)
                        .noneMatch(text -> text.startsWith("Close") || text.startsWith("Disconnect"));
            }
            assertThat(user.end()).isEmpty();
            assertThat(serving.end()).isEmpty();
        }
    }

    @Test
    void saysThatItHasLostTheServerAndRecoversByItself() {
        dashboard.show("#/ports");

        browser.cutOff(true);
        browser.awaitText("#banner", "No answer from the server since");
        browser.awaitText("#link", "server lost");
        browsing.looks().photograph("lost");
        browser.cutOff(false);

        browser.awaitText("#link", "connected");
        Chromium.await().until(() -> browser.countVisible("#banner") == 0);
        browser.errors();
    }

    @Test
    void asksForTheLoginAgainAfterAServersRestart() throws Exception {
        dashboard.show("#/remotes/home");

        bed.stopServer();
        browser.awaitText("#banner", "No answer from the server since");
        bed.restartServer();
        browser.awaitText("#banner", "You are logged out");
        browser.click("#banner-login");
        dashboard.enter("alice", "alice-secret");

        browser.awaitText("h1", "home");
        browser.awaitText(".facts", "up");
        browser.errors();
    }

    @Test
    void staysFastWithTenThousandConnections() throws Exception {
        List<Socket> users = new ArrayList<>();
        try (TestRemote guest = bed.greet("guest")) {
            guest.open(TwoProcesses.address(bed.guest)).user().close();
            for (int i = 0; i < MANY; i++) {
                users.add(new Socket(TwoProcesses.address(bed.guest).getAddress(), bed.guest));
            }
            dashboard.show("#/connections?remote=guest&sort=user");
            browser.awaitText("#connections-range", "1–100 of 10,000");
            assertThat(browser.texts("#connections-table tbody tr")).hasSize(PAGE);

            browser.click("#page-last");
            browser.awaitText("#connections-range", "9,901–10,000 of 10,000");
            assertThat(browser.texts("#connections-table tbody tr")).hasSize(PAGE);
            browsing.looks().photograph("many");

            String one = "127.0.0.1:" + users.get(MANY / 2).getLocalPort();
            browser.type("#f-search", one);
            browser.awaitText("#connections-range", "1–1 of 1");
            browser.awaitText("#connections-table tbody", one);
            browser.type("#f-search", " ");
            browser.awaitText("#acts button", "Close all 10,000 that match");
            browser.click("#acts button");
            browser.click("#confirm-yes");
            browser.awaitText("#said", "Closed 10,000 connections.");
            browser.awaitText("#connections-empty", "No connection matches.");
        } finally {
            for (Socket user : users) {
                user.close();
            }
        }
    }

    @Test
    void fitsAPhone() throws Exception {
        browser.resize(Looks.NARROW, Looks.HEIGHT);
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(bed.home));
                PlainSocket serving = bed.target().accept()) {
            for (Map.Entry<String, String> page : bed.pages().entrySet()) {
                dashboard.show(page.getValue());
                browser.awaitVisible("main > :not(.heading)");
                browsing.looks().assertFits(page.getKey(), Looks.NARROW);
                browsing.looks().photograph(page.getKey() + "-narrow");
            }
            assertThat(user.end()).isEmpty();
            assertThat(serving.end()).isEmpty();
        }
    }

    @Test
    void showsARemoteItsOwnTunnelAndStreams() throws Exception {
        dashboard.logIn(bed.clientUrl(), "alice");
        browser.errors();
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(bed.home));
                PlainSocket serving = bed.target().accept()) {
            user.send(new byte[12_345]);
            serving.awaitReceived(12_345);
            RemotesOperator operator = new RemotesOperator(browsing);

            operator.looksAtAllPages(Looks.WIDE);
            operator.looksAtAllPages(375);
            operator.seesTheTunnelAndTheStream("127.0.0.1:" + bed.target().port());

            assertThat(browser.errors()).isEmpty();
            operator.isToldWhatIsLost();
            browser.errors();
            assertThat(user.end()).isEmpty();
            assertThat(serving.end()).isEmpty();
        }
    }

    @Test
    void isLightOrDarkAsTheSystemPrefersUnlessTheUserChooses() {
        dashboard.show("#/");
        assertThat(dashboard.brightness()).isGreaterThan(200);

        browser.preferDark(true);
        assertThat(dashboard.brightness()).isLessThan(50);
        browser.click("#theme");
        assertThat(dashboard.brightness()).isGreaterThan(200);
        browser.reload();
        browser.awaitText("#link", "connected");
        assertThat(dashboard.brightness()).isGreaterThan(200);

        browser.click("#theme");
        browser.preferDark(false);
        assertThat(dashboard.brightness()).isLessThan(50);
        browser.click("#theme");
        assertThat(dashboard.brightness()).isGreaterThan(200);
    }

    @Test
    void isUsableForEverybodyAsFarAsAProgramCanTell() throws Exception {
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(bed.home));
                PlainSocket serving = bed.target().accept()) {
            for (Map.Entry<String, String> page : bed.pages().entrySet()) {
                browser.preferDark(true);
                dashboard.show(page.getValue());
                browser.awaitVisible("main tbody tr, .facts dd, #events-list li");
                browsing.looks().assertLook(page.getKey(), Looks.WIDE, true);
                browsing.looks().assertLook(page.getKey(), Looks.WIDE, false);
            }
            assertThat(user.end()).isEmpty();
            assertThat(serving.end()).isEmpty();
        }
    }
}
