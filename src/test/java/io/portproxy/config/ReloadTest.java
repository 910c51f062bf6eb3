package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.StoredRemote;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteView;
import io.portproxy.testing.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests changes of configuration files while the server runs. */
@ExtendWith(OutputCaptureExtension.class)
class ReloadTest {
    private static final String HOME = "{remote-name: home, port-list: [{name: ssh, bind: 0, remote: 22}]}";
    private static final String OFFICE = "{remote-name: office, port-list: [{name: web, bind: 0, remote: 80}]}";

    private static final HostDefinition APP = new HostDefinition(
            "app.example.com", HostDefinition.ALL_PATHS, List.of(), true, HostDefinition.TERMINATE, "1");

    /** With this interval, the server reads files again only on request. */
    private static final String NEVER = "reload-interval: 0s";

    private static final String OFTEN = "reload-interval: 100ms";

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(configuration(NEVER));

    @TempDir
    private Path another;

    private Path folder = SHARED.folder();
    private ConfigurableApplicationContext context = SHARED.context();

    @AfterEach
    void stop() {
        if (context != SHARED.context()) {
            context.close();
        }
    }

    /** Starts another server. The test goes on with it. */
    private void start(String yaml, MemoryStore store) {
        folder = another;
        context = Started.withAdmin(folder, yaml, store, "--spring.profiles.active=server");
    }

    private static String yaml(String more, String... remotes) {
        return AdminClient.USERS + configuration(more, remotes);
    }

    private static String configuration(String more, String... remotes) {
        return """
                portproxy:
                  workers: 1
                  %s
                  server:
                    bind: 127.0.0.1:0
                    proxy: [%s]
                """.formatted(more, String.join(", ", remotes));
    }

    /** Writes the file as many editors do: writes a new file and moves it over the old one. */
    private void write(String text) throws IOException {
        Files.move(
                Started.write(folder, "test.yml.new", text),
                folder.resolve("test.yml"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes the shared server expose what a file says. */
    private void expose(String yaml) throws Exception {
        write(yaml);
        assertThat(reload().status()).isEqualTo(200);
    }

    private Answer reload() throws Exception {
        return AdminClient.ALICE.send(context, "POST", "/api/v1/config/reload");
    }

    private List<String> names() {
        return context.getBean(ProxyServer.class).remotes().stream()
                .map(RemoteView::name)
                .toList();
    }

    private String boundAt(String name) {
        return context.getBean(ProxyServer.class).remotes().stream()
                .filter(remote -> remote.name().equals(name))
                .map(remote -> remote.ports().get(0).bind())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatAFileSaysNowIsExposedAndWhatDidNotChangeDoesNotNotice() throws Exception {
        start(yaml(OFTEN, HOME), new MemoryStore());
        String before = boundAt("home");

        write(yaml(OFTEN, HOME, OFFICE));

        await().until(this::names, List.of("home", "office")::equals);
        assertThat(boundAt("home")).isEqualTo(before);

        write(yaml(OFTEN, HOME));

        await().until(this::names, List.of("home")::equals);
        assertThat(boundAt("home")).isEqualTo(before);
    }

    /** Kubernetes replaces a link to a folder. The links of the files do not change. */
    @Test
    void aMountedConfigMapIsNoticed() throws Exception {
        folder = another;
        Path first = Files.createDirectory(folder.resolve("..first"));
        Path second = Files.createDirectory(folder.resolve("..second"));
        Started.write(first, "server.yml", "portproxy.server.proxy: [" + HOME + "]");
        Started.write(second, "server.yml", "portproxy.server.proxy: [" + OFFICE + "]");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        Files.createSymbolicLink(folder.resolve("server.yml"), Path.of("..data", "server.yml"));
        start(
                "spring.config.import: " + folder.resolve("server.yml") + "\nportproxy.server.bind: 127.0.0.1:0\n"
                        + "portproxy." + OFTEN,
                new MemoryStore());
        assertThat(names()).containsExactly("home");

        Files.move(
                Files.createSymbolicLink(folder.resolve("..new"), second),
                data,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);

        await().until(this::names, List.of("office")::equals);
    }

    @Test
    void aWrongFileIsRefusedWholeWithTheStartsMessage(CapturedOutput output) throws Exception {
        expose(yaml(NEVER, HOME));

        write(yaml(NEVER, OFFICE, "{remote-name: shop, port-list: [{bind: 0, remote: 99999}]}"));
        Answer answer = reload();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.texts("$.errors[*].property"))
                .containsExactly("portproxy.server.proxy[1].port-list[0].remote");
        assertThat(answer.texts("$.errors[*].value")).containsExactly("99999");
        assertThat(names()).containsExactly("home");
        await().untilAsserted(() -> assertThat(output)
                .contains("the configuration's files have mistakes, so nothing was changed")
                .contains("portproxy.server.proxy[1].port-list[0].remote: 99999"));
        assertThat(warnings()).hasSize(1);

        write(yaml(NEVER, OFFICE));

        assertThat(reload().status()).isEqualTo(200);
        assertThat(names()).containsExactly("office");
        assertThat(warnings()).isEmpty();
    }

    private List<String> warnings() throws Exception {
        return AdminClient.ALICE.get(context, "/api/v1/process").texts("$.warnings[?(@.kind == 'files')].message");
    }

    @Test
    void whatIsNoYamlIsRefused() throws Exception {
        expose(yaml(NEVER, HOME));

        write("portproxy: [");
        Answer answer = reload();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.texts("$.errors[*].detail").get(0)).contains("cannot be read as YAML");
        assertThat(names()).containsExactly("home");
    }

    @Test
    void anAddressOfAnotherProgramChangesNothing() throws Exception {
        expose(yaml(NEVER, HOME));

        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write(yaml(
                    NEVER,
                    OFFICE,
                    "{remote-name: shop, port-list: [{bind: " + other.getLocalPort() + ", remote: 1}]}"));
            Answer answer = reload();

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.texts("$.errors[*].property"))
                    .containsExactly("portproxy.server.proxy[1].port-list[0].bind");
            assertThat(answer.texts("$.errors[*].detail").get(0)).contains("is in use");
        }
        assertThat(names()).containsExactly("home");
        assertThat(reload().status()).isEqualTo(200);
        assertThat(names()).containsExactly("office", "shop");
    }

    @Test
    void saysWhatWasChangedAndWhatTakesARestart() throws Exception {
        expose(yaml(NEVER, HOME, OFFICE));
        assertThat(reload().value("$"))
                .isEqualTo(
                        Map.of("added", List.of(), "changed", List.of(), "removed", List.of(), "restart", List.of()));

        write(yaml(
                "reload-interval: 1h",
                HOME.replace("22", "23"),
                "{remote-name: shop, tokens: [0123456789abcdef-secret], port-list: []}"));
        Answer answer = reload();

        assertThat(answer.texts("$.added[*].remote")).containsExactly("shop");
        assertThat(answer.texts("$.changed[*].port")).containsExactly("ssh");
        assertThat(answer.texts("$.removed[?(!@.port)].remote")).containsExactly("office");
        assertThat(answer.texts("$.restart")).containsExactly("portproxy.reload-interval");
        assertThat(names()).containsExactly("home", "shop");
    }

    @Test
    void aTokenThatIsOtherThanBeforeIsAChange(CapturedOutput output) throws Exception {
        String shop = "{remote-name: shop, tokens: [%s], port-list: []}";
        expose(yaml(NEVER, shop.formatted("0123456789abcdef-first")));

        write(yaml(NEVER, shop.formatted("0123456789abcdef-second")));

        assertThat(reload().texts("$.changed[*].remote")).containsExactly("shop");
        await().untilAsserted(() -> assertThat(output).contains("remote shop has other tokens"));
        assertThat(output).doesNotContain("0123456789abcdef");
    }

    @Test
    void aFileWinsOverTheStoreAndGivesWayAgain() throws Exception {
        expose(yaml(NEVER));
        assertThat(AdminClient.ALICE
                        .sendJson(
                                context,
                                "POST",
                                "/api/v1/remotes",
                                "{\"name\": \"home\", \"ports\": [{\"name\": \"kept\", \"bind\": \"0\", \"remote\": 22}]}")
                        .status())
                .isEqualTo(201);

        write(yaml(NEVER, HOME));
        reload();

        assertThat(originOfHome()).isEqualTo("file");

        write(yaml(NEVER));
        reload();

        assertThat(originOfHome()).isEqualTo("store");
        assertThat(names()).containsExactly("home");
    }

    @Test
    void whatIsDoneWithRequestsIsAChangeAndNoSecretIsTold(CapturedOutput output) throws Exception {
        String web = "{remote-name: home, port-list: [{name: web, bind: 0, remote: 80, type: http%s}]}";
        expose(yaml(NEVER, web.formatted("")));
        List<String> changes = List.of(
                ", auth: {basic: {users: [{name: ann, password: '{noop}ann-secret'}]}}",
                ", auth: {basic: {users: [{name: ann, password: '{noop}another-secret'}]}}",
                ", headers: {request: {set: {X-Key: sesame}}}",
                ", headers: {request: {set: {X-Key: tahini}}}",
                ", hsts: {max-age: 30d}",
                ", response-timeout: 30s");

        for (String change : changes) {
            write(yaml(NEVER, web.formatted(change)));
            assertThat(reload().texts("$.changed[*].port")).as(change).containsExactly("web");
        }

        assertThat(reload().texts("$.changed")).isEmpty();
        assertThat(output)
                .contains("(for ann alone)", "(sets X-Key in requests)", "(hsts 30d)", "(response-timeout 30s)")
                .doesNotContain("ann-secret", "another-secret", "sesame", "tahini");
    }

    @Test
    void aFileThatIsGoneOrEmptyRemovesNothing() throws Exception {
        expose(yaml(NEVER, HOME));

        write("");
        assertThat(reload().texts("$.errors[*].detail").get(0)).startsWith("is empty");
        Files.delete(folder.resolve("test.yml"));
        assertThat(reload().texts("$.errors[*].detail").get(0)).startsWith("is gone");
        assertThat(names()).containsExactly("home");

        write(yaml(NEVER, OFFICE));
        assertThat(reload().status()).isEqualTo(200);
        assertThat(names()).containsExactly("office");
    }

    private static PortDefinition port(int number) {
        return new PortDefinition("p", true, "tcp", "127.0.0.1:" + number, "1");
    }

    private Answer create(String name, String host) throws Exception {
        return AdminClient.ALICE.sendJson(
                context,
                "POST",
                "/api/v1/remotes",
                "{\"name\": \"%s\", \"hosts\": [{\"host\": \"%s\", \"remote\": \"1\"}]}".formatted(name, host));
    }

    /** The store's remote, not a file, has the used address. It does not stop the remotes of the files. */
    @Test
    void aRemoteOfTheStoreWhoseAddressIsTakenIsKeptBackAndTriedAgain() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PortDefinition port = port(other.getLocalPort());
            MemoryStore store = new MemoryStore();
            store.save(
                    List.of(new StoredRemote(new RemoteDefinition("kept", "", true, false, List.of(port)), List.of())),
                    List.of());
            start(yaml(NEVER, HOME), store);

            assertThat(names()).containsExactly("home");
            assertThat(AdminClient.ALICE
                            .get(context, "/api/v1/remotes/kept")
                            .texts("problems")
                            .get(0))
                    .startsWith("/kept/ports/0/bind");
            assertThat(reload().status()).isEqualTo(200);
        }

        await().atMost(Duration.ofSeconds(30)).until(this::names, List.of("home", "kept")::equals);
    }

    /** Otherwise the next start would decide which remote gets the host. */
    @Test
    void theHostOfARemoteThatIsKeptBackIsNobodyElses() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<PortDefinition> ports = List.of(port(other.getLocalPort()));
            MemoryStore store = new MemoryStore();
            store.save(
                    List.of(new StoredRemote(
                            new RemoteDefinition("kept", "", true, false, ports, List.of(APP), Optional.empty()),
                            List.of())),
                    List.of());
            start(yaml(NEVER, HOME) + "    gateways: [{name: web, bind: '127.0.0.1:0'}]\n", store);
            assertThat(names()).containsExactly("home");

            Answer refused = create("thief", "APP.example.com");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body()).contains("remote kept, which is not exposed now");
            assertThat(create("neighbour", "other.example.com").status()).isEqualTo(201);
        }

        await().atMost(Duration.ofSeconds(30)).until(this::names, List.of("home", "kept", "neighbour")::equals);
    }

    private String originOfHome() throws Exception {
        return AdminClient.ALICE.get(context, "/api/v1/remotes/home").text("$.origin");
    }

    @Test
    void onlyAnAdminMayAskForIt() throws Exception {
        expose(yaml(NEVER, HOME));

        assertThat(AdminClient.BOB
                        .send(context, "POST", "/api/v1/config/reload")
                        .status())
                .isEqualTo(403);
    }
}
