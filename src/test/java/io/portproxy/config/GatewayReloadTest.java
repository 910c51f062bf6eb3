package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.exposed.gateway.GatewayView;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests changes of gateways in files while the server runs. */
@ExtendWith(OutputCaptureExtension.class)
class GatewayReloadTest {
    private static final String WEB = "{name: web, bind: 127.0.0.1:0}";
    private static final String TLS = "{name: tls, bind: 127.0.0.1:0, ssl: {bundle: sites}}";

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(folder -> configuration(bundles(folder), WEB));

    @TempDir
    private Path another;

    private Path folder = SHARED.folder();
    private String bundles = "";
    private ConfigurableApplicationContext context = SHARED.context();

    @BeforeEach
    void writeBundle() throws IOException {
        bundles = bundles(folder);
    }

    @AfterEach
    void stop() {
        if (context != SHARED.context()) {
            context.close();
        }
    }

    private static String bundles(Path folder) throws IOException {
        return "spring.ssl.bundle.watch.file.quiet-period: 100ms\n"
                + PemFiles.bundle(folder, "sites", TestCertificates.SITES, "");
    }

    private static String configuration(String bundles, String... gateways) {
        return bundles + """
                portproxy:
                  workers: 1
                  reload-interval: 0s
                  server:
                    bind: 127.0.0.1:0
                    gateways: [%s]
                    proxy: [{remote-name: home, host-list: [{host: app.dev.example, remote: 80}]}]
                """.formatted(String.join(", ", gateways));
    }

    private Answer reload(String... gateways) throws Exception {
        Files.move(
                Started.write(folder, "test.yml.new", AdminClient.USERS + configuration(bundles, gateways)),
                folder.resolve("test.yml"),
                StandardCopyOption.REPLACE_EXISTING);
        return AdminClient.ALICE.send(context, "POST", "/api/v1/config/reload");
    }

    private List<String> names() {
        return server().gateways().stream().map(GatewayView::name).toList();
    }

    private ProxyServer server() {
        return context.getBean(ProxyServer.class);
    }

    private InetSocketAddress address(String name) {
        return server().gatewayAddresses().get(names().indexOf(name));
    }

    @Test
    void gatewaysComeAndGoWithoutARestart(CapturedOutput output) throws Exception {
        InetSocketAddress web = address("web");

        Answer added = reload(WEB, TLS);

        assertThat(added.status()).isEqualTo(200);
        assertThat(added.texts("$.added[*].gateway")).containsExactly("tls");
        assertThat(added.texts("$.added[*].kind")).containsExactly("gateway");
        assertThat(added.texts("$.restart")).isEmpty();
        assertThat(address("web")).isEqualTo(web);
        assertThat(shown("tls")).isEqualTo(TestCertificates.certificate(TestCertificates.SITES));

        Answer nothing = reload(WEB, TLS);

        assertThat(nothing.texts("$.changed[*].gateway")).isEmpty();

        Answer changed = reload(WEB.replace("}", ", max-pending: 7}"), TLS);

        assertThat(changed.texts("$.changed[*].gateway")).containsExactly("web");
        assertThat(address("web")).isEqualTo(web);

        Answer removed = reload(TLS);

        assertThat(removed.texts("$.removed[*].gateway")).containsExactly("web");
        assertThat(names()).containsExactly("tls");
        await().untilAsserted(() -> assertThat(output)
                .contains("gateway tls was added")
                .contains("gateway web was changed")
                .contains("gateway web was removed"));
    }

    @Test
    void aCertificateThatIsRenewedIsShownByAGatewayThatCameLater() throws Exception {
        folder = another;
        writeBundle();
        context = Started.withAdmin(
                folder,
                AdminClient.USERS + configuration(bundles, WEB),
                new MemoryStore(),
                "--spring.profiles.active=server");
        reload(WEB, TLS);

        PemFiles.write(folder, "sites", TestCertificates.OTHER, "");

        await().untilAsserted(
                        () -> assertThat(shown("tls")).isEqualTo(TestCertificates.certificate(TestCertificates.OTHER)));
    }

    private Certificate shown(String gateway) throws IOException {
        SSLContext trusting = TestCertificates.context("", TestCertificates.CA);
        InetSocketAddress at = address(gateway);
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(at.getAddress(), at.getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void aBundleThatIsNewTakesARestart() throws Exception {
        bundles += PemFiles.bundle(folder, "shop", TestCertificates.OTHER, "");

        Answer answer = reload(WEB, TLS.replace("sites", "shop"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.texts("$.errors[*].property")).containsExactly("portproxy.server.gateways[1].ssl.bundle");
        assertThat(answer.texts("$.errors[*].detail").get(0))
                .contains("has not started with")
                .contains("restart");
        assertThat(names()).containsExactly("web");
    }

    @Test
    void anAddressOfAnotherProgramChangesNothing() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Answer answer = reload(WEB, "{name: more, bind: 127.0.0.1:" + other.getLocalPort() + "}");

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.texts("$.errors[*].property")).containsExactly("portproxy.server.gateways[1].bind");
        }
        assertThat(names()).containsExactly("web");
    }

    @Test
    void anAddressThatAPortOfThisServerGivesUpIsNotFreeYet() throws Exception {
        assertThat(AdminClient.ALICE
                        .sendJson(context, "POST", "/api/v1/remotes", """
                                {"name": "shop", "ports": [{"name": "web", "bind": "127.0.0.1:0", "remote": 80}]}
                                """)
                        .status())
                .isEqualTo(201);
        String taken = server().remote("shop").orElseThrow().ports().get(0).bind();

        Answer answer = reload(WEB, "{name: front, bind: \"" + taken + "\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.texts("$.errors[*].property")).containsExactly("portproxy.server.gateways[1].bind");
        assertThat(answer.texts("$.errors[*].detail").get(0))
                .contains("is listened on by a port of remote shop of this server now", "two changes");
        assertThat(names()).containsExactly("web");
    }

    /** A remote of the store that names a removed gateway is not exposed, and the log says so. */
    @Test
    void aRemoteOfTheStoreWhoseGatewayIsRemovedIsKeptBack(CapturedOutput output) throws Exception {
        assertThat(reload(WEB, TLS).status()).isEqualTo(200);
        assertThat(AdminClient.ALICE
                        .sendJson(context, "POST", "/api/v1/remotes", """
                                {"name": "shop", "hosts": [{"host": "shop.dev.example", "gateways": ["tls"], "remote": 80}]}
                                """)
                        .status())
                .isEqualTo(201);

        assertThat(reload(WEB).status()).isEqualTo(200);

        await().untilAsserted(() -> assertThat(output).contains("a remote of the store is not exposed"));
        assertThat(server().remote("shop")).isEmpty();

        reload(WEB, TLS);

        assertThat(server().remote("shop")).isPresent();
    }
}
