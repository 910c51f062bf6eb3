package io.portproxy.it;

import java.util.List;
import java.util.Optional;
import org.openqa.selenium.Keys;

/** The dashboard in a browser: that of one process at a time, to which one user is logged in. */
final class Dashboard {
    private final Chromium browser;
    private String address = "";

    /** Who is logged in, and where. */
    private String loggedIn = "";

    Dashboard(Chromium browser) {
        this.browser = browser;
    }

    /** Logs in at the process with that address, unless that is so already. */
    void logIn(String at, String name) {
        address = at;
        if (loggedIn.equals(name + " " + at)) {
            return;
        }
        // With an old secret, the page would ask whether it is still good, and the console would tell of the answer
        // 401.
        browser.script("location.protocol.startsWith('http') && sessionStorage.clear()");
        browser.open("about:blank");
        browser.forgetCookies(); // a browser sends them to every port of a host
        browser.open(at);
        enter(name, name + "-secret");
        browser.awaitText("#link", "live");
        browser.awaitText("#user", name);
        loggedIn = name + " " + at;
    }

    /** Fills in the login form. */
    void enter(String name, String password) {
        browser.type("#username", name);
        browser.type("#password", password, Keys.ENTER);
    }

    /** Begins anew, at that page. */
    void show(String route) {
        browser.open("about:blank");
        browser.open(address + route);
        browser.awaitText("#link", "live");
    }

    String stateOf(String remote) {
        return rowOf("remotes-table", remote).map(cells -> cells.get(1)).orElse("");
    }

    private Optional<List<String>> rowOf(String table, String first) {
        List<String> names = browser.texts("#" + table + " tbody th");
        int row = names.indexOf(first) + 1;
        return row == 0
                ? Optional.empty()
                : Optional.of(browser.texts("#" + table + " tbody tr:nth-child(" + row + ") > *"));
    }

    /** Of the whole page, in pixels; more than the window's is to be scrolled sideways. */
    long width() {
        return (long) browser.script("return document.documentElement.scrollWidth");
    }

    /** Of the page's background, 0 to 255. */
    int brightness() {
        String colour = (String) browser.script("return getComputedStyle(document.body).backgroundColor");
        return Integer.parseInt(colour.replaceAll("\\D*(\\d+).*", "$1"));
    }
}
