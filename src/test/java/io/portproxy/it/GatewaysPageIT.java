package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.exposed.gateway.GatewayView;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests gateways in the dashboard of a server whose configuration file declares one gateway. All tests share the server. */
class GatewaysPageIT {
    @RegisterExtension
    static final Browsing browsing = Browsing.withRefusals();

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;
    private static Chromium browser;
    private static Dashboard dashboard;
    private static ManagePage page;

    @BeforeAll
    static void start() throws IOException {
        server = Started.withAdmin(
                folder,
                AdminClient.USERS + PemFiles.bundle(folder, "sites", TestCertificates.SITES, "") + """
                portproxy:
                  workers: 1
                  server:
                    bind: 127.0.0.1:0
                    gateways: [{name: web, bind: "127.0.0.1:0"}]
                    proxy: [{remote-name: home, port-list: [{bind: 0, remote: 1}]}]
                """,
                new MemoryStore(),
                "--spring.profiles.active=server");
        browser = browsing.browser();
        dashboard = browsing.dashboard();
        page = browsing.page();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Leaves the gateway that the file declares, and no other. */
    @BeforeEach
    void deleteGateways() throws Exception {
        for (String name : names()) {
            if (!name.equals("web")) {
                AdminClient.ALICE.delete(server, "/api/v1/gateways/" + name, "If-Match", "*");
            }
        }
        assertThat(names()).containsExactly("web");
    }

    private void logIn(String name) {
        String port = server.getEnvironment().getRequiredProperty("local.server.port");
        dashboard.logIn("http://127.0.0.1:" + port + "/", name);
        dashboard.show("#/ports");
        browser.awaitText("#gateways-table tbody", "web");
    }

    private List<String> names() {
        return server.getBean(ProxyServer.class).gateways().stream()
                .map(GatewayView::name)
                .toList();
    }

    @Test
    void addsChangesAndDeletesAGatewayWithTheKeyboardAlone() throws Exception {
        logIn("alice");
        page.pressByKey("Add a gateway");
        page.fill("name", "a_b");
        browser.awaitText("[data-field=name] .problem", "is no name of a gateway");
        page.fill("name", "more");
        page.fill("bind", "nowhere:99999");
        browser.awaitText("[data-field=bind] .problem", "write a port");
        browser.resize(Looks.NARROW, Looks.HEIGHT);
        browsing.looks().assertFits("add-gateway", Looks.NARROW);
        assertThat(browser.violations()).isEmpty();
        browser.resize(Looks.WIDE, Looks.HEIGHT);
        page.typeInto("bind", "127.0.0.1:0", Keys.ENTER);

        browser.awaitText("#gateways-table tbody", "more");
        assertThat(names()).containsExactly("web", "more");
        assertThat(browser.violations()).isEmpty();

        page.pressByKey("Change gateway more");
        page.typeInto("maxPending", "many");
        browser.awaitText("[data-field=maxPending] .problem", "whole number");
        page.typeInto("maxPending", "7");
        page.typeInto("publicPort", "443", Keys.ENTER);
        Chromium.await().until(() -> browser.countVisible("dialog") == 0);
        Chromium.await()
                .until(() ->
                        AdminClient.BOB.get(server, "/api/v1/gateways/more").number("maxPending") == 7);

        page.pressByKey("Delete gateway more");
        page.confirmByKey();
        Chromium.await().until(() -> browser.texts("#gateways-table tbody tr").size() == 1);
        assertThat(names()).containsExactly("web");
        assertThat(browser.focused().getTagName()).isNotEqualTo("body");
    }

    @Test
    void setsWhatALoadBalancerInFrontNeeds() throws Exception {
        AdminClient.ALICE.sendJson(server, "PUT", "/api/v1/gateways/more", """
                {"bind": "127.0.0.1:0"}""");
        logIn("alice");
        page.press("Change gateway more");
        page.fill("maxRequestHead", "long");
        browser.awaitText("[data-field=maxRequestHead] .problem", "is not a size");
        page.fill("acceptProxyProtocol", "load-balancer");
        browser.awaitText("[data-field=acceptProxyProtocol] .problem", "is no range of addresses");
        page.fill("maxRequestHead", "48KB");
        page.fill("acceptProxyProtocol", "10.0.0.0/8, 192.0.2.7");
        Chromium.await().until(() -> page.problemOf("acceptProxyProtocol").isEmpty());
        browsing.looks().assertUsable("change-gateway");
        page.submit();
        Chromium.await().until(() -> browser.countVisible("dialog") == 0);
        AdminClient.Answer changed = AdminClient.BOB.get(server, "/api/v1/gateways/more");
        assertThat(changed.text("maxRequestHead")).isEqualTo("48KB");
        assertThat(changed.texts("acceptProxyProtocol")).containsExactly("10.0.0.0/8", "192.0.2.7");

        page.press("Change gateway more");
        browser.awaitVisible("dialog[open] [data-field=acceptProxyProtocol]");
        assertThat(page.valueOf("maxRequestHead")).isEqualTo("48KB");
        assertThat(page.valueOf("acceptProxyProtocol")).isEqualTo("10.0.0.0/8, 192.0.2.7");
        page.fill("maxRequestHead", "");
        page.fill("acceptProxyProtocol", "");
        page.submit();
        Chromium.await().until(() -> browser.countVisible("dialog") == 0);
        AdminClient.Answer usual = AdminClient.BOB.get(server, "/api/v1/gateways/more");
        assertThat(usual.text("maxRequestHead")).isEqualTo("32KB");
        assertThat(usual.texts("acceptProxyProtocol")).isEmpty();
    }

    @Test
    void showsAViewerWhatThereIsAlone() throws Exception {
        AdminClient.ALICE.sendJson(server, "PUT", "/api/v1/gateways/tls", """
                {"bind": "127.0.0.1:0", "ssl": {"bundle": "sites"}}""");
        logIn("bob");

        browser.awaitText("#gateways-table tbody", "sites");
        assertThat(page.offers()).noneMatch(offer -> offer.contains("gateway"));
        dashboard.show("#/overview");
        browser.awaitVisible("#gateways");
        browser.resize(Looks.NARROW, Looks.HEIGHT);
        browsing.looks().assertFits("gateways", Looks.NARROW);
        assertThat(browser.violations()).isEmpty();
    }
}
