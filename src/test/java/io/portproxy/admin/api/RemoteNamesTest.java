package io.portproxy.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.events.EventRing;
import io.portproxy.config.Started;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.tunnel.telemetry.Event;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that every valid name works in a path, and that names which strangers send are shown in a harmless form. */
@ExtendWith(OutputCaptureExtension.class)
class RemoteNamesTest {
    private static final String EVIL = "ev\u202Eil\u200B\u2066\u2028";

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = Started.withAdmin(folder, AdminClient.USERS + """
            portproxy:
              workers: 1
              server:
                bind: 127.0.0.1:0
                proxy:
                  - {remote-name: 'a b?#&=+é,"', port-list: [{bind: 0, remote: 1}]}
                  - {remote-name: '...', port-list: [{bind: 0, remote: 1}]}
                  - {remote-name: 'x.y{z}', port-list: [{bind: 0, remote: 1}]}
                  - {remote-name: 'שלום', port-list: [{bind: 0, remote: 1}]}
            """, "--spring.profiles.active=server");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b?#&=+é,\"", "...", "x.y{z}", "שלום"})
    void standInEveryPathPercentEncoded(String name) throws Exception {
        String encoded = URLEncoder.encode(name, UTF_8).replace("+", "%20");

        assertThat(AdminClient.BOB.get(server, "/api/v1/remotes/" + encoded).text("name"))
                .isEqualTo(name);
        assertThat(AdminClient.ALICE
                        .delete(server, "/api/v1/remotes/" + encoded + "/tunnels")
                        .number("disconnected"))
                .isZero();
        assertThat(AdminClient.BOB
                        .get(server, "/api/v1/connections?remote=" + encoded)
                        .number("total"))
                .isZero();
        assertThat(AdminClient.BOB.get(server, "/actuator/remotes").texts("remotes[*].name"))
                .contains(name);
    }

    private static InetSocketAddress tunnelAddress() {
        return server.getBean(ProxyServer.class).tunnelAddress();
    }

    private static void assertIsShownHarmlessly(CapturedOutput output) {
        EventRing events = server.getBean(EventRing.class);
        await().until(() -> events.newest(event -> event.type() == Event.Type.GREETING_REFUSED)
                .isPresent());
        Event refused = events.newest(event -> event.type() == Event.Type.GREETING_REFUSED)
                .orElseThrow();
        assertThat(refused.whose().remote()).isEqualTo("ev?il???");
        assertThat(refused.why().message()).contains("\"ev?il???\"");
        await().untilAsserted(() -> assertThat(output).contains("\"ev?il???\""));
        assertThat(output.getAll()).doesNotContain("\u202E", "\u200B", "\u2066", "\u2028");
    }

    @Test
    void ofStrangersAreShownHarmlesslyInTheClassicDialect(CapturedOutput output) throws Exception {
        try (TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, tunnelAddress(), EVIL)) {
            assertIsShownHarmlessly(output);
            assertThat(remote.peer()).isNotNull();
        }
    }

    @Test
    void ofStrangersAreShownHarmlesslyInTheExtendedDialect(CapturedOutput output) throws Exception {
        try (TestPeer peer = TestPeer.connect(Dialect.EXTENDED, tunnelAddress())) {
            Instruction hello = Instruction.hello(
                    Instruction.VERSION, Bytes.random(1, 16), 0, Bytes.random(7, 32), EVIL.getBytes(UTF_8));
            peer.send(hello);
            peer.next(0x0011);
            peer.send(Instruction.proof(Bytes.random(3, 32)));
            assertIsShownHarmlessly(output);
        }
    }

    @Test
    void ofRequestsAreShownHarmlessly() throws Exception {
        assertThat(AdminClient.BOB.get(server, "/api/v1/remotes/a%E2%80%AEb").text("detail"))
                .isEqualTo("no remote has the name a?b");
    }
}
