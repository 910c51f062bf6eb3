package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an admin can add users and tokens of the admin API in a browser. */
class AccountsPageIT {
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
        bed = new ManageBed(children, folder, "[{remote-name: fixed, port-list: []}]");
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
    void logIn() {
        dashboard.logIn(bed.url(), "alice");
    }

    @AfterEach
    void complainsOfNothing() {
        bed.assertNothingWentWrong();
    }

    private static int status(String authorization) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(bed.url() + "api/v1/me"))
                .header("Authorization", authorization)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String carol(String password) {
        return "Basic " + Base64.getEncoder().encodeToString(("carol:" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aUserIsAddedChangedAndRemoved() throws Exception {
        dashboard.show("#/accounts");
        browser.awaitText("#users-table tbody", "alice");
        page.press("Add a user");
        page.fill("name", "carol");
        page.fill("password", "short");
        page.submit();
        browser.awaitText("[data-field=password] .problem", "12 or more characters");
        page.fill("password", "a-good-long-one");
        page.submit();
        browser.awaitText("#users-table tbody", "carol");
        assertThat(status(carol("a-good-long-one"))).isEqualTo(200);

        page.press("Change carol");
        page.fill("password", "another-long-one");
        page.submit();
        browser.awaitText("#said", "Changed carol.");
        assertThat(status(carol("a-good-long-one"))).isEqualTo(401);
        assertThat(status(carol("another-long-one"))).isEqualTo(200);

        page.press("Remove carol");
        page.confirmByKey();
        browser.awaitText("#said", "Removed carol.");
        assertThat(status(carol("another-long-one"))).isEqualTo(401);
        assertThat(page.offers()).as("of a file").doesNotContain("Remove alice", "Change alice");
    }

    @Test
    void aTokenIsShownOnceAndRevoked() throws Exception {
        dashboard.show("#/accounts");
        page.press("Make a token");
        page.fill("label", "scraper");
        page.submit();
        browser.awaitVisible("#token");
        String token = browser.texts("#token").get(0);
        assertThat(status("Bearer " + token)).isEqualTo(200);
        page.press("I have it");
        browser.awaitText("#api-tokens-table tbody", "scraper");

        page.press("Revoke scraper");
        page.confirmByKey();

        browser.awaitText("#said", "Revoked token scraper.");
        assertThat(status("Bearer " + token)).isEqualTo(401);
    }

    @Test
    void isUsableForEverybodyAndOnAPhone() throws Exception {
        browsing.looks().assertUsable("accounts", () -> {
            dashboard.show("#/accounts");
            browser.awaitText("#users-table tbody", "alice");
        });
    }

    @Test
    void othersAreNotOfferedIt() throws Exception {
        dashboard.logIn(bed.url(), "bob");

        dashboard.show("#/accounts");

        browser.awaitText("h1", "Overview");
        assertThat(page.offers()).doesNotContain("Users and tokens");
    }
}
