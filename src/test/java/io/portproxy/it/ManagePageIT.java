package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.PortRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Tests what an admin changes in a browser. All tests share one browser and one server, which declares one remote in a file. */
class ManagePageIT {
    @RegisterExtension
    static final Children children = Children.ofClass();

    @RegisterExtension
    static final Browsing browsing = Browsing.withRefusals();

    @TempDir
    private static Path folder;

    private static Chromium browser;
    private static Dashboard dashboard;
    private static ManagePage page;
    private static ManageBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = new ManageBed(
                children,
                folder,
                "[{remote-name: fixed, port-list: [{bind: %d, remote: 9}]}]".formatted(FreePorts.find()));
        browser = browsing.browser();
        dashboard = browsing.dashboard();
        page = browsing.page();
    }

    @AfterAll
    static void stop() throws IOException {
        if (bed != null) {
            bed.close();
        }
    }

    @BeforeEach
    void logIn() throws Exception {
        dashboard.logIn(bed.url(), "alice");
        bed.ask("PUT", "config/desired", "{\"remotes\": []}");
        bed.ask("POST", "remotes", """
                {"name": "home", "description": "attic", "ports": [{"name": "ssh", "bind": %d, "remote": 22}]}
                """.formatted(FreePorts.find()));
    }

    @AfterEach
    void complainsOfNothing() {
        bed.assertNothingWentWrong();
    }

    @Test
    void saysWhatIsWrongBesideItsFieldAsOneTypes() {
        dashboard.show("#/remotes");
        page.press("Add a remote");
        page.fill("name", "home");
        browser.awaitText("dialog .form-message, dialog .problem", "home");
        page.fill("name", "other");
        Chromium.await().until(() -> browser.countVisible("dialog .form-message p, dialog .problem:not(:empty)") == 0);
        page.fill("bind", "nowhere:99999");
        browser.awaitText("[data-field=bind] .problem", "write a port from 1 to 65535");
        assertThat(browser.find("[data-field=bind] input").getDomAttribute("aria-invalid"))
                .isEqualTo("true");
        browsing.looks().photograph("manage-problem");

        page.fill("bind", String.valueOf(FreePorts.find()));

        Chromium.await().until(() -> page.problemOf("bind").isEmpty());
        page.submit();
        Chromium.await().until(() -> !page.problemOf("remote").isEmpty());
        browser.focused().sendKeys(Keys.ESCAPE);
        Chromium.await().until(() -> browser.countVisible("dialog") == 0);
        assertThat(browser.focused().getText()).isEqualTo("Add a remote");
    }

    @Test
    void changesDisablesAndDeletesWithTheKeyboardAlone() throws Exception {
        dashboard.show("#/remotes/home");
        page.pressByKey("Add a port");
        page.typeInto("bind", String.valueOf(FreePorts.find()), Keys.TAB, "2222");
        page.typeInto("name", "second", Keys.ENTER);
        browser.awaitText("#remote-ports-table tbody", "second");
        assertThat(browser.focused().getTagName()).isNotEqualTo("body");

        page.pressByKey("Change port second");
        page.typeInto("remote", "3333", Keys.ENTER);
        browser.awaitText("#remote-ports-table tbody", "3333");

        page.pressByKey("Disable port second");
        page.confirmByKey();
        browser.awaitText("#remote-ports-table .badge", "disabled");
        page.pressByKey("Delete port second");
        page.confirmByKey();
        Chromium.await()
                .until(() -> browser.texts("#remote-ports-table tbody tr").size() == 1);

        page.pressByKey("Disable");
        page.confirmByKey();
        browser.awaitText(".facts .badge", "disabled");
        page.pressByKey("Enable");
        browser.awaitText(".facts .badge", "away");
        page.pressByKey("Delete");
        page.confirmByKey();
        browser.awaitText("h1", "Remotes");
        assertThat(bed.ask("GET", "config/desired", "")).contains("\"remotes\":[]");
    }

    /** The fields of a port's form that say who the users are and how much they may use. */
    private static final Map<String, String> TERMS = Map.ofEntries(
            Map.entry("allow", "192.0.2.0/24, 2001:db8::/32"),
            Map.entry("acceptProxyProtocol", "10.0.0.0/8, 192.0.2.7"),
            Map.entry("quotaBytes", "100GB"),
            Map.entry("mostConnections", "500"),
            Map.entry("mostPerUser", "20"),
            Map.entry("opens", "50"),
            Map.entry("speedIn", "10MB"),
            Map.entry("speedOut", "20MB"),
            Map.entry("speedOutOfOne", "512KB"),
            Map.entry("idleEnd", "10m"),
            Map.entry("longest", "8h"),
            Map.entry("holdWhileAway", "5s"));

    @Test
    void setsWhoMayConnectAndHowMuchOfARangeOfPortsAndFindsItAgain() throws Exception {
        int first = PortRanges.free(3);
        String bind = "127.0.0.1:" + first + "-" + (first + 2);
        dashboard.show("#/remotes/home");
        page.press("Add a port");
        page.fill("bind", bind);
        page.fill("remote", "30000-30005");
        browser.awaitText("[data-field=remote] .problem", "3");
        page.fill("remote", "30000-30002");
        page.fill("name", "media");
        page.choose("proxyProtocol", "v2");
        page.choose("quotaPer", "day");
        TERMS.forEach(page::fill);
        Chromium.await().until(() -> page.problemOf("remote").isEmpty());
        page.submit();

        browser.awaitText("#remote-ports-table tbody", bind);
        browser.awaitText(
                "#remote-ports-table tbody",
                "tcp, access list, limits, 100GB a day, PROXY protocol v2, accepts PROXY protocol");
        page.press("Change port media");
        assertForm(bind);
        page.fill("speedIn", "20MB");
        page.submit();
        Chromium.await().until(() -> browser.countVisible("dialog") == 0);
        assertThat(bed.ask("GET", "config/desired", ""))
                .contains(
                        "\"in\":\"20MB\"",
                        "\"proxyProtocol\":\"v2\"",
                        "\"acceptProxyProtocol\":[\"10.0.0.0/8\",\"192.0.2.7\"]",
                        "\"quota\":{\"bytes\":\"100GB\",\"per\":\"day\"}");

        page.press("Change port media");
        browser.awaitVisible("dialog[open] [data-field=bind]");
        TERMS.keySet().forEach(field -> page.fill(field, ""));
        page.choose("proxyProtocol", "none");
        page.submit();
        Chromium.await().until(() -> browser.countVisible("dialog") == 0);
        assertThat(bed.ask("GET", "config/desired", ""))
                .doesNotContain("limits", "quota", "roxyProtocol", "access", "holdWhileAway");
    }

    private static void assertForm(String bind) {
        browser.awaitVisible("dialog[open] [data-field=bind]");
        assertThat(page.values())
                .containsEntry("bind", bind)
                .containsEntry("remote", "30000-30002")
                .containsEntry("proxyProtocol", "v2")
                .containsEntry("quotaPer", "day")
                .containsAllEntriesOf(TERMS);
    }

    @Test
    void saysBesideEachFieldWhatIsWrongWithWhoAndHowMuch() throws Exception {
        dashboard.show("#/remotes/home");
        page.press("Change port ssh");
        assertProblems(Map.of(
                "allow", "192.0.2.300",
                "acceptProxyProtocol", "load-balancer",
                "quotaBytes", "much",
                "speedIn", "10Mbit",
                "speedOutOfOne", "0",
                "idleEnd", "soon",
                "holdWhileAway", "2d"));
        assertProblems(Map.of("mostConnections", "-1", "opens", "fast"));
        page.fill("mostConnections", "");
        page.fill("opens", "");
        page.choose("type", "udp");
        page.choose("proxyProtocol", "v1");
        browser.awaitText("[data-field=proxyProtocol] .problem", "write v2");
        page.press("Cancel");
        assertThat(bed.ask("GET", "config/desired", "")).doesNotContain("limits", "udp");
    }

    private static void assertProblems(Map<String, String> wrong) {
        wrong.forEach(page::fill);
        Chromium.await().untilAsserted(() -> {
            Map<String, String> problems = page.problems();
            assertThat(wrong.keySet())
                    .allSatisfy(
                            field -> assertThat(problems.get(field)).as(field).isNotEmpty());
        });
        assertThat(browser.texts("dialog .form-message")).allMatch(String::isEmpty);
    }

    @Test
    void setsHowMuchARemoteAndAHostMayHave() throws Exception {
        dashboard.show("#/remotes/home");
        page.press("Change");
        page.fill("quotaBytes", "1TB");
        page.fill("speedOut", "30MB");
        page.submit();
        Chromium.await().until(() -> browser.countVisible("dialog") == 0);
        page.press("Add a host");
        page.fill("host", "app.example.com");
        page.fill("remote", "8000");
        page.choose("proxyProtocol", "v1");
        page.fill("quotaBytes", "10GB");
        page.fill("mostPerUser", "7");
        page.submit();
        browser.awaitText("#remote-hosts-table tbody", "limits, 10GB a month, PROXY protocol v1");

        page.press("Change");
        browser.awaitVisible("dialog[open] [data-field=speedOut]");
        assertThat(page.valueOf("quotaBytes")).isEqualTo("1TB");
        assertThat(page.valueOf("speedOut")).isEqualTo("30MB");
        page.press("Cancel");
        page.press("Change host app.example.com");
        browser.awaitVisible("dialog[open] [data-field=mostPerUser]");
        assertThat(page.valueOf("proxyProtocol")).isEqualTo("v1");
        assertThat(page.valueOf("mostPerUser")).isEqualTo("7");
        assertThat(browser.countVisible("dialog[open] [data-field=acceptProxyProtocol]"))
                .isZero();
        page.press("Cancel");
    }

    @Test
    void setsWhoMayConnectToARemoteAndShowsIt() throws Exception {
        dashboard.show("#/remotes/home");
        browser.awaitText(".facts > div", "as the server’s lists say");
        page.press("Change");
        page.fill("allow", "192.0.2.0/24, 2001:db8::/32");
        page.fill("deny", "192.0.2.300");
        browser.awaitText("[data-field=deny] .problem", "is no range of addresses");
        page.fill("deny", "192.0.2.13");
        Chromium.await().until(() -> page.problemOf("deny").isEmpty());
        page.submit();
        browser.awaitText(".facts > div", "192.0.2.0/24, 2001:db8::/32, but not 192.0.2.13");
        assertThat(bed.ask("GET", "config/desired", ""))
                .contains("\"access\":{\"allow\":[\"192.0.2.0/24\",\"2001:db8::/32\"],\"deny\":[\"192.0.2.13\"]}");

        page.press("Change");
        browser.awaitVisible("dialog[open] [data-field=allow]");
        assertThat(page.valueOf("allow")).isEqualTo("192.0.2.0/24, 2001:db8::/32");
        assertThat(page.valueOf("deny")).isEqualTo("192.0.2.13");
        page.fill("allow", "");
        page.submit();
        browser.awaitText(".facts > div", "everybody, but not 192.0.2.13");
        page.press("Change");
        page.fill("deny", "");
        page.submit();
        browser.awaitText(".facts > div", "as the server’s lists say");
        assertThat(bed.ask("GET", "config/desired", "")).doesNotContain("access");
    }

    @Test
    void exposesAtAUnixSocketAsTheHintSays() throws Exception {
        String bind = "unix:" + folder.resolve("app.sock");
        dashboard.show("#/remotes/home");
        page.press("Add a port");
        browser.awaitText("[data-field=bind] .hint", "such as unix:/run/portproxy/app.sock");
        page.fill("bind", bind);
        page.fill("remote", "8000");
        page.fill("name", "app");
        page.submit();

        browser.awaitText("#remote-ports-table tbody", bind);
        browser.click("#remote-ports-table tbody a[href*='unix']");
        browser.awaitText("h1", bind);
        browser.awaitText(".facts > div", "Nameapp");
    }

    @Test
    void addsDisablesAndDeletesAHostThatIsALinkToTry() {
        dashboard.show("#/remotes/home");
        page.press("Add a host");
        page.fill("host", "a b.example.com");
        browser.awaitText("[data-field=host] .problem", "is not allowed in one");
        page.fill("host", "app.example.com");
        page.fill("path", "/api");
        page.fill("remote", "8000");
        page.fill("gateways", "tls");
        browser.awaitText("[data-field=gateways] .problem", "write one of web");
        page.fill("gateways", "web");
        Chromium.await().until(() -> page.problemOf("gateways").isEmpty());
        browsing.looks().photograph("manage-host");
        page.submit();

        browser.awaitText("#remote-hosts-table tbody a", "http://app.example.com:");
        assertThat(browser.find("#remote-hosts-table tbody a").getDomProperty("href"))
                .matches("http://app\\.example\\.com:\\d+/api");
        browser.awaitText("#remote-hosts-table .badge", "away");
        page.pressByKey("Change host app.example.com/api");
        page.typeInto("remote", "9000", Keys.ENTER);
        browser.awaitText("#remote-hosts-table tbody", "9000");
        page.pressByKey("Disable host app.example.com/api");
        page.confirmByKey();
        browser.awaitText("#remote-hosts-table .badge", "disabled");
        page.pressByKey("Delete host app.example.com/api");
        page.confirmByKey();
        Chromium.await()
                .until(() -> browser.texts("#remote-hosts-table tbody tr").isEmpty());
    }

    @Test
    void givesAHostALoginAndTakesItAwayWithTheKeyboardAlone() throws Exception {
        bed.ask("POST", "remotes/home/hosts", """
                {"host": "app.example.com", "remote": 8000,
                 "headers": {"request": {"set": {"X-Key": "sesame"}}}, "hsts": {"preload": true, "includeSubdomains": true}}""");
        dashboard.show("#/remotes/home");
        browser.awaitText("#remote-hosts-table tbody", "headers, HSTS");
        page.pressByKey("Change host app.example.com");
        page.fill("users", "ann, bob");
        browser.awaitText("[data-field=users] .problem", "is missing");
        page.fill("passwordOf", "ann");
        page.fill("password", "ann-secret");
        browser.awaitText("[data-field=users] .problem", "is missing");
        page.fill("users", "");
        page.typeInto("responseTimeout", "30s", Keys.ENTER);

        browser.awaitText("#remote-hosts-table tbody", "login, headers, HSTS, answers within 30s");
        page.pressByKey("Change host app.example.com");
        page.fill("users", "bob, ann");
        page.fill("passwordOf", "bob");
        page.typeInto("password", "bob-secret", Keys.ENTER);
        Chromium.await().until(() -> bed.ask("GET", "config/export", "").split("\\{bcrypt}", -1).length == 3);
        assertThat(bed.ask("GET", "config/export", ""))
                .contains("\"X-Key\":\"sesame\"", "\"preload\":true")
                .doesNotContain("ann-secret", "bob-secret");
        dashboard.show("#/remotes/home");
        page.pressByKey("Change host app.example.com");
        browser.awaitVisible("dialog[open] [data-field=users]");
        assertThat(browser.find("[data-field=users] input").getDomProperty("value"))
                .isEqualTo("bob, ann");
        page.typeInto("users", Keys.ENTER);
        browser.awaitText("#remote-hosts-table tbody", "headers, HSTS, answers within 30s");
        Chromium.await()
                .until(() ->
                        !browser.texts("#remote-hosts-table tbody").toString().contains("login"));
    }

    @Test
    void saysThatSomebodyElseHasChangedItMeanwhile() throws Exception {
        dashboard.show("#/remotes/home");
        page.press("Change");
        page.fill("description", "mine");
        bed.ask("PATCH", "remotes/home", "{\"description\": \"theirs\"}");

        page.submit();

        browser.awaitText("dialog .form-message", "somebody else has changed it");
        assertThat(browser.find("[data-field=description] input").getDomProperty("value"))
                .isEqualTo("theirs");
        page.fill("description", "agreed");
        page.submit();
        browser.awaitText(".facts", "agreed");
    }

    @Test
    void showsWhatADocumentChangesBeforeItIsApplied() throws Exception {
        Path file = Files.writeString(folder.resolve("remotes.json"), """
                {"remotes": [
                  {"name": "home", "description": "cellar", "ports": []},
                  {"name": "work", "ports": [{"name": "web", "bind": %d, "remote": "80"}]}]}
                """.formatted(FreePorts.find()));
        dashboard.show("#/document");
        browser.awaitVisible("#document-text");
        Chromium.await().until(() -> page.document().contains("attic"));

        browser.find("#document-file").sendKeys(file.toString());

        browser.awaitText(".changes li", "home description: \"attic\" → \"cellar\"");
        assertThat(browser.texts(".changes li .badge")).contains("added", "changed", "removed");
        browsing.looks().photograph("document");
        bed.ask("PATCH", "remotes/home", "{\"description\": \"roof\"}");
        browser.click("#document-apply");
        browser.awaitText("#document-diff .message", "Somebody else has made changes");
        browser.awaitText(".changes li", "home description: \"roof\" → \"cellar\"");
        browser.click("#document-apply");
        browser.awaitText("#confirm-text", "It adds ");
        browser.click("#confirm-yes");
        browser.awaitText("#said", "Applied the document.");
        assertThat(bed.ask("GET", "config/desired", ""))
                .contains("cellar", "work")
                .doesNotContain("ssh");
    }

    @Test
    void saysWhereADocumentIsWrong() {
        dashboard.show("#/document");
        Chromium.await().until(() -> page.document().contains("attic"));

        browser.type(
                "#document-text",
                "{\"remotes\": [{\"name\": \"x\", \"ports\": [{\"bind\": \"1:2:3\", \"remote\": \"0\"}]}]}");
        page.press("Show what would change");

        browser.awaitText("#document-diff .message", "/remotes/0/ports/0/bind");
        browser.awaitText("#document-diff .message", "/remotes/0/ports/0/remote");
        assertThat(browser.find("#document-apply").isEnabled()).isFalse();
    }

    private static boolean isChange(String offer) {
        return offer.matches("(Add a|Change|Disable|Enable|Delete|Make|Revoke|All as).*");
    }

    @Test
    void leavesWhatAFileDeclaresToTheFile() {
        dashboard.show("#/remotes/fixed");

        browser.awaitText("#remote-ports .empty", "server.yml");
        assertThat(page.offers()).contains("Disconnect").noneMatch(ManagePageIT::isChange);
    }

    @Test
    void offersViewersNothingToChange() throws Exception {
        bed.ask("POST", "remotes/home/tokens", "{\"label\": \"attic\"}");
        dashboard.logIn(bed.url(), "bob");
        for (String route : List.of("#/", "#/remotes", "#/remotes/home")) {
            dashboard.show(route);
            browser.awaitVisible("main tbody tr");
            assertThat(page.offers()).as(route).noneMatch(ManagePageIT::isChange);
        }
    }

    @Test
    void isUsableForEverybodyAndOnAPhone() throws Exception {
        bed.ask("POST", "remotes/home/tokens", "{\"label\": \"attic\"}");
        Map<String, Runnable> views = Map.of(
                "managed", () -> browser.awaitText("#tokens-table tbody", "attic"),
                "add-port", () -> page.press("Add a port"),
                "add-host", () -> page.press("Add a host"),
                "change-remote",
                        () -> {
                            page.press("Change");
                            browser.awaitVisible("dialog[open] [data-field=quotaBytes]");
                        },
                "add-udp-port",
                        () -> {
                            page.press("Add a port");
                            page.choose("type", "udp");
                        },
                "wrong-port",
                        () -> {
                            page.press("Add a port");
                            page.fill("speedIn", "10Mbit");
                            browser.awaitVisible("[data-field=speedIn] .problem:not(:empty)");
                        },
                "make-token", () -> page.press("Make a token"),
                "token",
                        () -> {
                            page.press("Make a token");
                            page.submit();
                            browser.awaitVisible("#token");
                        });
        for (Map.Entry<String, Runnable> view : views.entrySet()) {
            dashboard.show("#/remotes/home");
            browser.awaitVisible("#tokens-table tbody tr");
            view.getValue().run();
            browsing.looks().assertUsable(view.getKey());
        }
    }
}
