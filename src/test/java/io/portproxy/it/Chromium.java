package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.webjars.WebJarVersionLocator;

/** A browser without a window. Its profile is a new one, which the driver deletes at the end. */
final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LONGEST_PAUSE_MILLIS = 100;
    private static final long SHORTEST_PAUSE_MILLIS = 10;

    /** Begins a script that finds the first visible element of a selector. */
    private static final String FIRST_VISIBLE = """
            const first = [...document.querySelectorAll(arguments[0])].find((each) => each.checkVisibility());
            """;

    /** Checks the page by axe's options. Does not list what is right. Returns nothing if axe is not in the page yet. */
    private static final String AXE = """
            return window.axe?.run({resultTypes: ['violations'], ...arguments[0]}).then((result) => result.violations.map((each) =>
                each.id + ': ' + each.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; ')));
            """;

    private final ChromeDriver driver;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test if the browser is not installed. */
    static void require(Class<?> test) {
        Programs.require(test, "chromium");
        Programs.require(test, "chromedriver");
    }

    /** Starts a browser. If it is not installed, the test is skipped. */
    static Chromium start(Class<?> test) {
        return start(test, Map.of());
    }

    /**
     * Does the same as {@link #start(Class)}, with more settings.
     *
     * @param environment variables besides those of this process, such as the {@code HOME} in which the browser looks for authorities
     * @param more further options
     */
    static Chromium start(Class<?> test, Map<String, String> environment, String... more) {
        Path browser = Programs.require(test, "chromium");
        Path program = Programs.require(test, "chromedriver");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-software-rasterizer",
                "--disable-extensions",
                "--disable-component-extensions-with-background-pages",
                "--disable-default-apps",
                "--disable-breakpad",
                "--disable-features=BackForwardCache,MediaRouter,OptimizationHints,Translate",
                "--mute-audio",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-proxy-server",
                "--hide-scrollbars");
        options.addArguments(more);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program.toFile())
                .usingAnyFreePort()
                .withEnvironment(environment)
                .build();
        return new Chromium(new ChromeDriver(service, options));
    }

    /**
     * Waits as long as a person who looks at the page would. The first check is at once and the next ones follow soon, because most
     * of what a page does takes milliseconds.
     */
    static ConditionFactory await() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval((checks, pause) ->
                        Duration.ofMillis(Math.min(LONGEST_PAUSE_MILLIS, SHORTEST_PAUSE_MILLIS * checks)));
    }

    void open(String url) {
        driver.get(url);
    }

    /** Opens the address in a new tab, which becomes the current tab. */
    void openTab(String url) {
        driver.switchTo().newWindow(WindowType.TAB);
        driver.get(url);
    }

    /** Closes all other tabs and makes the first one the current tab. */
    void showFirstTab() {
        List<String> tabs = List.copyOf(driver.getWindowHandles());
        for (String tab : tabs.subList(1, tabs.size())) {
            driver.switchTo().window(tab).close();
        }
        driver.switchTo().window(tabs.get(0));
    }

    String url() {
        return driver.getCurrentUrl();
    }

    void reload() {
        driver.navigate().refresh();
    }

    void forgetCookies() {
        driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    }

    @Nullable
    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Runs a script that calls its last argument when it has finished. */
    @Nullable
    Object scriptWithCallback(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE.multipliedBy(2));
        return driver.executeAsyncScript(script, arguments);
    }

    /** Returns the text of each such element, visible or not, in the order of the page. */
    @SuppressWarnings("unchecked")
    List<String> texts(String css) {
        Object texts = script(
                "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent.trim())", css);
        return (List<String>) texts;
    }

    /** Returns the text of each such element that is visible. */
    @SuppressWarnings("unchecked")
    List<String> visibleTexts(String css) {
        Object texts = script(
                "return [...document.querySelectorAll(arguments[0])].filter((each) => each.checkVisibility())"
                        + ".map((each) => each.textContent.trim())",
                css);
        return (List<String>) texts;
    }

    /** Returns how many such elements are visible. */
    long countVisible(String css) {
        return (long) script(
                "return [...document.querySelectorAll(arguments[0])].filter((each) => each.checkVisibility()).length",
                css);
    }

    void awaitVisible(String css) {
        await().untilAsserted(() ->
                assertThat(countVisible(css)).as("visible: " + css).isPositive());
    }

    /** Waits until one such element contains that text. */
    void awaitText(String css, String text) {
        await().untilAsserted(() -> assertThat(texts(css))
                .as(css)
                .anySatisfy(each -> assertThat(each).contains(text)));
    }

    /** Waits until such an element is visible, and returns the first one that is. */
    WebElement find(String css) {
        return Objects.requireNonNull(await().alias("visible: " + css)
                .until(() -> (WebElement) script(FIRST_VISIBLE + "return first ?? null", css), Objects::nonNull));
    }

    void click(String css) {
        find(css).click();
    }

    /** Waits until such a field is visible, and types keys in place of its content. */
    void type(String css, CharSequence... keys) {
        List<?> found = Objects.requireNonNull(await().alias("visible: " + css)
                .until(
                        () -> (List<?>) script(FIRST_VISIBLE + "return first ? [first, first.value] : null", css),
                        Objects::nonNull));
        WebElement field = (WebElement) found.get(0);
        if (!"".equals(found.get(1))) {
            field.clear();
        }
        field.sendKeys(keys);
    }

    /** Returns the element that has the focus. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Sets the colour scheme that the system prefers. */
    void preferDark(boolean dark) {
        Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    /** Lets pages read the clipboard without asking. */
    void allowClipboard() {
        driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    }

    /** Disconnects the browser from every server, or connects it again. */
    void cutOff(boolean off) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", off, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Returns the errors in the page's console since the last call. */
    List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().equals(Level.SEVERE))
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Returns the accessibility violations that axe finds, each with its elements and what is wrong with them. */
    List<String> violations() throws IOException {
        return violations(Map.of());
    }

    /** Returns those violations that depend on the colours of the page. */
    List<String> violationsOfColours() throws IOException {
        return violations(
                Map.of("runOnly", Map.of("type", "rule", "values", List.of("color-contrast", "link-in-text-block"))));
    }

    @SuppressWarnings("unchecked")
    private List<String> violations(Map<String, ?> options) throws IOException {
        Object found = script(AXE, options);
        if (found == null) {
            String file = Objects.requireNonNull(new WebJarVersionLocator().fullPath("axe-core", "axe.min.js"));
            try (InputStream axe =
                    Objects.requireNonNull(Chromium.class.getClassLoader().getResourceAsStream(file))) {
                found = script(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "\n" + AXE, options);
            }
        }
        return (List<String>) Objects.requireNonNull(found);
    }

    void photograph(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Map<String, Object> picture = driver.executeCdpCommand(
                    "Page.captureScreenshot", Map.of("format", "png", "optimizeForSpeed", true));
            Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
