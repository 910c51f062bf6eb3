package io.portproxy.it;

import java.util.List;
import java.util.Optional;
import org.openqa.selenium.Keys;

/** The dashboard of one process at a time in a browser, with one user logged in. */
final class Dashboard {
    private final Chromium browser;
    private String address = "";
    private int shown;

    /** The user who is logged in, and the address of the process. */
    private String loggedIn = "";

    Dashboard(Chromium browser) {
        this.browser = browser;
    }

    /** Logs in at the process with that address, unless the user is already logged in there. */
    void logIn(String at, String name) {
        address = at;
        if (loggedIn.equals(name + " " + at)) {
            return;
        }
        // With an old secret, the page would ask the server whether the secret is still valid, and the console would
        // show the answer 401.
        browser.script("location.protocol.startsWith('http') && sessionStorage.clear()");
        browser.open("about:blank");
        browser.forgetCookies(); // a browser sends them to every port of a host
        browser.open(at + "login");
        enter(name, name + "-secret");
        browser.awaitText("#link", "connected");
        browser.awaitText("#user", name);
        loggedIn = name + " " + at;
    }

    /** Fills in the login form. */
    void enter(String name, String password) {
        browser.type("#username", name);
        browser.type("#password", password, Keys.ENTER);
    }

    /** Loads the page again from the beginning. The number makes it another address, even if the route differs in nothing else. */
    void show(String route) {
        browser.open(address + "?" + ++shown + route);
        browser.awaitText("#link", "connected");
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

    /** Returns the brightness of the page's background, 0 to 255. */
    int brightness() {
        String colour = (String) browser.script("return getComputedStyle(document.body).backgroundColor");
        return Integer.parseInt(colour.replaceAll("\\D*(\\d+).*", "$1"));
    }
}
