package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a service on the dashboard's host cannot act as the operator. An operator who is logged in to the dashboard opens a service
 * that is exposed on the same host. The browser sends the dashboard's cookie to the service, because cookies do not depend on the port.
 * The owner of the service then tries to read and act as the operator.
 */
class CookieTheftIT {
    private static final int ADMIN = FreePorts.find();
    private static final String DASHBOARD = "http://127.0.0.1:" + ADMIN + "/";

    @RegisterExtension
    static final Children children = Children.ofClass();

    @RegisterExtension
    static final Browsing browsing = Browsing.withAnyErrors();

    @TempDir
    private static Path folder;

    private static final List<Service> services = new ArrayList<>();
    private static Chromium browser;
    private static int next;

    /** Where a user finds a service, and what the service's owner records. */
    private record Service(int exposed, HostileTarget target) {
        static Service start() throws IOException {
            return new Service(FreePorts.find(), HostileTarget.start());
        }

        String url() {
            return "http://127.0.0.1:" + exposed + "/";
        }

        List<String> cookies() {
            return target.cookies();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        StringBuilder ports = new StringBuilder();
        for (String type : List.of("tcp", "tcp", "tcp", "http")) {
            Service service = Service.start();
            services.add(service);
            ports.append("          - {type: %s, bind: %d, remote: %d}%n"
                    .formatted(type, service.exposed(), service.target().port()));
        }
        Path file = Files.writeString(folder.resolve("both.yml"), """
                portproxy:
                  admin.users: [{name: alice, password: '{noop}alice-secret', role: admin}]
                  client: {name: home, server: "127.0.0.1:%1$d"}
                  server:
                    bind: 127.0.0.1:%1$d
                    proxy:
                      - remote-name: home
                        port-list:
                %2$s""".formatted(FreePorts.find(), ports));
        List<String> command = PortProxy.command("server,client", file);
        command.set(command.indexOf("--server.port=0"), "--server.port=" + ADMIN);
        children.start(command).awaitOutput(" is up as remote home");
        browser = browsing.browser();
    }

    /** Begins each test with a fresh login and no other cookie. */
    @BeforeEach
    void logIn() {
        browser.showFirstTab();
        new Dashboard(browser).logIn(DASHBOARD, "alice");
    }

    @AfterAll
    static void stop() {
        services.forEach(service -> service.target().close());
    }

    /** Returns a service that no test has opened. Each one is an origin of its own: no storage or worker of an earlier test is there. */
    private static Service ofTypeTcp() {
        return services.get(next++);
    }

    @Test
    void letsTheOwnerOfAServiceNeitherLookNorActWithTheCookiesThatItGets() throws Exception {
        Service service = ofTypeTcp();
        browser.openTab(service.url());
        browser.awaitText("body", "Hello.");
        String stolen = service.cookies().get(0);
        assertThat(stolen).as("what a browser sends to every port").contains("portproxy-" + ADMIN + "=");

        HttpClient thief = HttpClient.newHttpClient();
        for (String act : List.of(
                "GET api/v1/me",
                "GET api/v1/remotes",
                "GET api/v1/events",
                "GET v3/api-docs",
                "GET actuator/prometheus",
                "DELETE api/v1/remotes/home",
                "POST actuator/loggers/io.portproxy",
                "POST logout")) {
            String[] parts = act.split(" ", -1);
            HttpRequest request = HttpRequest.newBuilder(URI.create(DASHBOARD + parts[1]))
                    .method(parts[0], BodyPublishers.noBody())
                    .header("Cookie", stolen)
                    .build();
            assertThat(thief.send(request, BodyHandlers.ofString()).statusCode())
                    .as(act)
                    .isEqualTo(401);
        }
        assertIsAsItWas();
    }

    @Test
    void keepsTheCookieFromServicesOfTypeHttp() {
        Service service = services.get(services.size() - 1);
        browser.script("document.cookie = 'mine=1; path=/'");
        browser.openTab(service.url());
        browser.awaitText("body", "Hello.");

        assertThat(service.cookies()).isNotEmpty().allMatch("mine=1"::equals);
        assertIsAsItWas();
    }

    @Test
    void letsThePageOfAServiceNeitherLookNorAct() throws IOException {
        browser.openTab(ofTypeTcp().url());
        browser.awaitText("body", "Hello.");

        Map<?, ?> got = tries();

        assertThat(got)
                .hasSize(15)
                .allSatisfy((way, result) -> assertThat(result).as("by %s", way).isEqualTo(""));
        assertIsAsItWas();
    }

    /** Tests the tab where somebody is logged in to the dashboard, too. Its storage has the secret, but for another origin. */
    @Test
    void letsThePageOfAServiceDoNothingInTheDashboardsTab() throws IOException {
        browser.open(ofTypeTcp().url());
        browser.awaitText("body", "Hello.");

        assertThat(tries())
                .allSatisfy((way, result) -> assertThat(result).as("by %s", way).isEqualTo(""));
        browser.open(DASHBOARD);
        assertIsAsItWas();
    }

    private Map<?, ?> tries() throws IOException {
        try (InputStream script = Objects.requireNonNull(CookieTheftIT.class.getResourceAsStream("theft.js"))) {
            return (Map<?, ?>) Objects.requireNonNull(
                    browser.scriptWithCallback(new String(script.readAllBytes(), StandardCharsets.UTF_8), DASHBOARD));
        }
    }

    /** Checks that alice is still logged in in the first tab, and that nobody has disconnected the remote. */
    private void assertIsAsItWas() {
        browser.showFirstTab();
        browser.awaitText("#user", "alice");
        browser.open(DASHBOARD + "#/remotes/home?role=client");
        browser.awaitText("#link", "connected");
        browser.awaitText(".facts", "Tunnels that came up1");
    }
}
