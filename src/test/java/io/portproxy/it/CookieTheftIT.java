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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
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
    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    private Path folder;

    private final int admin = FreePorts.find();
    private final int exposedTcp = FreePorts.find();
    private final int exposedHttp = FreePorts.find();
    private final String address = "http://127.0.0.1:" + admin + "/";
    private HostileTarget target;
    private Chromium browser;

    @BeforeEach
    void start() throws IOException {
        browser = Chromium.start(CookieTheftIT.class, folder.resolve("profile"));
        target = HostileTarget.start();
        int tunnel = FreePorts.find();
        Path file = Files.writeString(
                folder.resolve("both.yml"), """
                portproxy:
                  admin.users: [{name: alice, password: '{noop}alice-secret', role: admin}]
                  server:
                    bind: 127.0.0.1:%1$d
                    proxy:
                      - remote-name: home
                        port-list:
                          - {bind: %2$d, remote: %4$d}
                          - {type: http, bind: %3$d, remote: %4$d}
                  client: {name: home, server: "127.0.0.1:%1$d"}
                """.formatted(tunnel, exposedTcp, exposedHttp, target.port()));
        List<String> command = PortProxy.command("server,client", file);
        command.set(command.indexOf("--server.port=0"), "--server.port=" + admin);
        children.start(command).awaitOutput(" is up as remote home");
        new Dashboard(browser).logIn(address, "alice");
    }

    @AfterEach
    void stop() {
        if (target != null) {
            target.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    private String exposed(int port) {
        return "http://127.0.0.1:" + port + "/";
    }

    @Test
    void letsTheOwnerOfAServiceNeitherLookNorActWithTheCookiesThatItGets() throws Exception {
        browser.openTab(exposed(exposedTcp));
        browser.awaitText("body", "Hello.");
        String stolen = target.cookies().get(0);
        assertThat(stolen).as("what a browser sends to every port").contains("portproxy-" + admin + "=");

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
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + parts[1]))
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
        browser.script("document.cookie = 'mine=1; path=/'");
        browser.openTab(exposed(exposedHttp));
        browser.awaitText("body", "Hello.");

        assertThat(target.cookies()).isNotEmpty().allMatch("mine=1"::equals);
        assertIsAsItWas();
    }

    @Test
    void letsThePageOfAServiceNeitherLookNorAct() throws IOException {
        browser.openTab(exposed(exposedTcp));
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
        browser.open(exposed(exposedTcp));
        browser.awaitText("body", "Hello.");

        assertThat(tries())
                .allSatisfy((way, result) -> assertThat(result).as("by %s", way).isEqualTo(""));
        browser.open(address);
        assertIsAsItWas();
    }

    private Map<?, ?> tries() throws IOException {
        try (InputStream script = Objects.requireNonNull(CookieTheftIT.class.getResourceAsStream("theft.js"))) {
            return (Map<?, ?>) Objects.requireNonNull(
                    browser.scriptWithCallback(new String(script.readAllBytes(), StandardCharsets.UTF_8), address));
        }
    }

    /** Checks that alice is still logged in in the first tab, and that nobody has disconnected the remote. */
    private void assertIsAsItWas() {
        browser.showFirstTab();
        browser.awaitText("#user", "alice");
        browser.open(address + "#/remotes/home?role=client");
        browser.awaitText("#link", "connected");
        browser.awaitText(".facts", "Tunnels that came up1");
    }
}
