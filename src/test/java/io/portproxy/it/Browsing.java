package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The one browser of all tests of a class. It starts while the class starts its programs. Each test begins with the window of a desk,
 * light colours and one tab, and ends with a look at the browser's console.
 */
final class Browsing implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final Predicate<String> isExpected;
    private @Nullable CompletableFuture<Chromium> starting;
    private @Nullable Dashboard dashboard;

    private Browsing(Predicate<String> isExpected) {
        this.isExpected = isExpected;
    }

    /** Makes an instance for a static field of a class whose pages must not report an error in the console. */
    static Browsing withoutErrors() {
        return new Browsing(error -> false);
    }

    /** Makes an instance for a class that asks for what is refused. The browser reports such answers, with a status of 400 to 499. */
    static Browsing withRefusals() {
        return new Browsing(error -> error.contains("status of 4"));
    }

    /** Makes an instance for a class whose pages try what a browser refuses, and reports. */
    static Browsing withAnyErrors() {
        return new Browsing(error -> true);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        Chromium.require(test);
        starting = CompletableFuture.supplyAsync(() -> Chromium.start(test));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        browser().resize(Looks.WIDE, Looks.HEIGHT);
        browser().preferDark(false);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(browser().errors()).as("the browser's console").allMatch(isExpected);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        CompletableFuture<Chromium> ending = starting;
        starting = null;
        dashboard = null; // failed tests may run once more, with another browser
        if (ending != null) {
            ending.join().close();
        }
    }

    /** Waits until the browser has started, and returns it. */
    Chromium browser() {
        if (starting == null) {
            throw new IllegalStateException("the field is not static, so the browser has not been started");
        }
        return starting.join();
    }

    /** Returns the dashboard in the browser, which remembers who is logged in. */
    Dashboard dashboard() {
        if (dashboard == null) {
            dashboard = new Dashboard(browser());
        }
        return dashboard;
    }

    /** Returns the forms of the dashboard. */
    ManagePage page() {
        return new ManagePage(browser());
    }

    Looks looks() {
        return new Looks(browser());
    }
}
