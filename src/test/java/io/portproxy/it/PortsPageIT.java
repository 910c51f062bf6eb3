package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.config.Started;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UdpTarget;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests banned addresses, and what only a port of type udp has, in the dashboard. All tests share one server. Each begins without a ban. */
class PortsPageIT {
    private static final String TOKEN = "the-right-one-of-all";
    private static final int BANS = 12;
    private static final int ON_THE_OVERVIEW = 10;

    private static final int EXPOSED = FreePorts.find();
    private static final int DATAGRAMS = FreePorts.find();

    @RegisterExtension
    static final Browsing browsing = Browsing.withoutErrors();

    @TempDir
    private static Path folder;

    private static UdpTarget target;
    private static ConfigurableApplicationContext server;
    private static Chromium browser;
    private static Dashboard dashboard;
    private static ManagePage page;

    @BeforeAll
    static void start() throws Exception {
        target = UdpTarget.echo();
        server = Started.withAdmin(
                folder, """
                portproxy:
                  workers: 1
                  admin:
                    login-delay: 0
                    users:
                      - {name: alice, password: '{noop}alice-secret', role: admin}
                      - {name: carol, password: '{noop}carol-secret', role: operator}
                  server:
                    bind: 127.0.0.1:0
                    ban: {after: 1, within: 1h, for: 30m}
                    proxy:
                      - remote-name: home
                        tokens: [%s]
                        access: {deny: [203.0.113.0/24, "2001:db8::/32"]}
                        port-list:
                          - {bind: %d, remote: 1, accept-proxy-protocol: [127.0.0.1]}
                          - type: udp
                            bind: %d
                            remote: %d
                            max-sessions: 1
                            max-sessions-per-user: 1
                            access: {deny: [127.0.0.3]}
                """.formatted(TOKEN, EXPOSED, DATAGRAMS, target.port()), "--spring.profiles.active=server");
        browser = browsing.browser();
        dashboard = browsing.dashboard();
        page = browsing.page();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (target != null) {
            target.close();
        }
    }

    @BeforeEach
    void liftAllBans() throws Exception {
        for (Object banned : (List<?>) Objects.requireNonNull(
                AdminClient.ALICE.get(server, "/api/v1/bans").value("$[*].address"))) {
            AdminClient.ALICE.delete(server, "/api/v1/bans/" + banned);
        }
    }

    private void logIn(String name) {
        String port = server.getEnvironment().getRequiredProperty("local.server.port");
        dashboard.logIn("http://127.0.0.1:" + port + "/", name);
    }

    private String ask(String path) throws Exception {
        return AdminClient.ALICE.get(server, "/api/v1/" + path).body();
    }

    /** Connects from an address that the access list denies, as the header of a load balancer in front says. */
    private void ban(String family, String address) throws Exception {
        String other = family.equals("TCP4") ? "192.0.2.1" : "2001:db8::1";
        String header = "PROXY " + family + " " + address + " " + other + " 50000 22\r\n";
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(EXPOSED))) {
            user.send(header.getBytes(StandardCharsets.US_ASCII));
            user.awaitEnd();
        }
    }

    private void awaitBan(String address) {
        Chromium.await().until(() -> ask("bans").contains("\"" + address + "\""));
    }

    private void banAll() throws Exception {
        for (int i = 1; i < BANS; i++) {
            ban("TCP4", "203.0.113." + i);
            awaitBan("203.0.113." + i);
        }
        ban("TCP6", "2001:db8:1:2::7");
        awaitBan("2001:db8:1:2::");
    }

    private void awaitRows(int count) {
        Chromium.await()
                .untilAsserted(
                        () -> assertThat(browser.texts("#bans-table tbody tr")).hasSize(count));
    }

    /** Checks the page in all looks, with that part of it in view. */
    private void assertUsableForEverybody(String name, String route, String shown) throws Exception {
        browsing.looks().assertUsable(name, () -> {
            dashboard.show(route);
            browser.awaitVisible(shown);
            browser.script("document.querySelector(arguments[0]).scrollIntoView({block: 'end'})", shown);
        });
    }

    @Test
    void saysWhatABanIsWhereThereIsNone() throws Exception {
        logIn("alice");
        dashboard.show("#/ports");
        browser.awaitText("#bans-note", "Set portproxy.server.ban");
        assertThat(browser.countVisible("#bans-scroll")).isZero();
        assertUsableForEverybody("bans-none", "#/ports", "#bans-note:not(:empty)");

        dashboard.show("#/");
        browser.awaitText("#ports-table tbody", ":" + EXPOSED);
        assertThat(browser.countVisible("#bans")).isZero();
    }

    @Test
    void listsBansAndLiftsOneWithTheKeyboardAlone() throws Exception {
        banAll();
        logIn("alice");
        dashboard.show("#/");
        awaitRows(ON_THE_OVERVIEW);
        assertThat(browser.texts("#bans-table tbody th")).first().isEqualTo("2001:db8:1:2::/64");
        assertThat(browser.texts("#bans-table tbody td")).first().asString().matches("(29|30) min \\d\\d s");
        browser.awaitText("#bans-note a", "All " + BANS);
        browser.click("#bans-note a");
        browser.awaitText("h1", "Ports");
        awaitRows(BANS);

        browser.type("#bans-find", "113.7");
        awaitRows(1);
        page.pressByKey("Lift the ban of 203.0.113.7");
        browser.awaitText("#confirm-title", "Lift the ban of 203.0.113.7?");
        page.confirmByKey();

        browser.awaitText("#said", "Lifted the ban of 203.0.113.7.");
        browser.awaitText("#bans-note", "Nothing matches");
        assertThat(ask("bans")).contains("203.0.113.8\"").doesNotContain("203.0.113.7\"");
        assertThat(browser.focused().getTagName()).isNotEqualTo("body");

        browser.type("#bans-find", "2001");
        awaitRows(1);
        page.pressByKey("Lift the ban of 2001:db8:1:2::/64");
        page.confirmByKey();
        browser.awaitText("#said", "Lifted the ban of 2001:db8:1:2::/64.");
        assertThat(ask("bans")).doesNotContain("2001");
    }

    @Test
    void showsBansToEverybodyAndLetsOnlyAdminsLiftThem() throws Exception {
        banAll();
        logIn("carol");
        dashboard.show("#/ports");
        awaitRows(BANS);
        assertThat(page.offers()).noneMatch(offer -> offer.startsWith("Lift"));
        logIn("alice");
        browser.errors(); // the error of the answer 401 to the page of carol
        assertUsableForEverybody("bans", "#/ports", "#bans-table tbody tr");
        assertUsableForEverybody("bans-overview", "#/", "#bans-note a");
    }

    private static void send(DatagramSocket user, InetSocketAddress to) throws Exception {
        user.send(new DatagramPacket(new byte[] {1}, 1, to));
    }

    private static DatagramSocket user(String address) throws SocketException {
        return new DatagramSocket(new InetSocketAddress(address, 0));
    }

    @Test
    void showsWhatOnlyAPortOfTypeUdpHas() throws Exception {
        InetSocketAddress port = TwoProcesses.address(DATAGRAMS);
        ClientUnderTest client = new ClientUnderTest(TestSettings.client(
                "home", server.getBean(ProxyServer.class).tunnelAddress(), Dialect.EXTENDED, Token.of(TOKEN)));
        try (DatagramSocket first = user("127.0.0.1");
                DatagramSocket late = user("127.0.0.2");
                DatagramSocket denied = user("127.0.0.3")) {
            Chromium.await().until(client::connected);
            Chromium.await().until(() -> {
                send(first, port);
                return target.senders() == 1;
            });
            Chromium.await().until(() -> {
                send(late, port);
                return ask("ports").contains("\"sessionsReplaced\":1");
            });
            send(denied, port);
            Chromium.await()
                    .until(() -> ask("ports/127.0.0.1:" + DATAGRAMS + "-udp").contains("\"access\":1"));

            logIn("alice");
            String udpPort = "#/ports/127.0.0.1:" + DATAGRAMS + "-udp";
            dashboard.show(udpPort);
            browser.awaitText(".facts > div", "Sessions replaced1");
            browser.awaitText(".facts > div", "Datagrams in");
            browser.awaitText("[aria-label='Datagrams dropped'] tbody tr", "access1");
            assertUsableForEverybody("udp-port", udpPort, "[aria-label='Datagrams dropped'] tbody tr");

            dashboard.show("#/ports/127.0.0.1:" + EXPOSED);
            browser.awaitText(".facts > div", "Typetcp");
            assertThat(browser.countVisible("[aria-label='Datagrams dropped']")).isZero();
            assertThat(browser.texts(".facts > div")).noneMatch(text -> text.contains("Datagrams"));
        } finally {
            client.close();
        }
    }
}
