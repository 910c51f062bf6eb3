package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests the access lists of the server, a remote, its ports and hosts while the server runs. */
@ExtendWith(OutputCaptureExtension.class)
class AccessSettingsTest {
    private static final String REMOTES = "/api/v1/remotes";
    private static final String HOME = REMOTES + "/home";
    private static final String PORT = HOME + "/ports/ssh";
    private static final String HOST = HOME + "/hosts/app.example.com";
    private static final String EXPORT = "/api/v1/config/export";
    private static final String DESIRED = "/api/v1/config/desired";
    private static final String ACCESS =
            "\"access\": {\"allow\": [\"192.0.2.0/24\", \"2001:db8::/32\"], \"deny\": [\"192.0.2.1\"]}";
    private static final String SHOWN =
            "\"access\":{\"allow\":[\"192.0.2.0/24\",\"2001:db8::/32\"],\"deny\":[\"192.0.2.1\"]}";

    @RegisterExtension
    static final SharedServer SHARED = ManagedServer.shared();

    @TempDir
    private Path folder;

    private final MemoryStore store = SHARED.store();
    private ManagedServer server = new ManagedServer(SHARED);

    @AfterEach
    void stop() {
        server.close();
    }

    /** Returns why the remote's first port refuses a user from 127.0.0.1: {@code access}, or {@code another} reason, such as no tunnel. */
    private String refusal() throws Exception {
        ProxyServer running = server.role();
        InetSocketAddress address = running.exposedAddresses().get(0);
        long before = running.remotes().get(0).ports().get(0).refused().getOrDefault("access", 0L);
        long total = total(running);
        try (PlainSocket user = PlainSocket.connect(address)) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
        await().until(() -> total(running) > total);
        return running.remotes().get(0).ports().get(0).refused().getOrDefault("access", 0L) > before
                ? "access"
                : "another";
    }

    private static long total(ProxyServer running) {
        return running.remotes().get(0).ports().get(0).refused().values().stream()
                .mapToLong(count -> count)
                .sum();
    }

    @Test
    void isShownWhereItIsSaidAndNowhereElse() throws Exception {
        server.addAll(ACCESS);
        for (String path :
                new String[] {REMOTES, HOME, HOME + "/ports", PORT, HOME + "/hosts", HOST, DESIRED, EXPORT}) {
            assertThat(server.get(path)).as(path).contains(SHOWN);
        }
        server.done("PATCH", HOME, "{\"access\": null}");
        server.done("PATCH", PORT, "{\"access\": null}");
        server.done("PATCH", HOST, "{\"access\": {}}");
        server.done("PATCH", HOST, "{\"access\": {\"allow\": null, \"deny\": null}}");
        assertThat(server.get(EXPORT)).doesNotContain("access");
    }

    @Test
    void whatIsSentBackChangesNothing() throws Exception {
        server.addAll(ACCESS);
        String export = server.get(EXPORT);
        for (String path : new String[] {HOME, PORT, HOST, DESIRED}) {
            assertThat(server.done("PUT", path, server.get(path)).body())
                    .as(path)
                    .contains("\"changed\":[]");
        }
        server.done("PUT", DESIRED, export);
        assertThat(server.get(EXPORT)).isEqualTo(export);
    }

    @Test
    void aChangeHoldsAtOnceAndADryRunNever(CapturedOutput output) throws Exception {
        server.done("POST", REMOTES, "{\"name\": \"home\"}");
        server.done("POST", HOME + "/ports", "{\"name\": \"ssh\", \"bind\": \"127.0.0.1:0\", \"remote\": 22}");
        assertThat(refusal()).isEqualTo("another");

        server.done("PATCH", PORT + "?dry-run=true", "{\"access\": {\"deny\": [\"127.0.0.0/8\"]}}");
        assertThat(refusal()).isEqualTo("another");
        server.done("PATCH", PORT, "{\"access\": {\"deny\": [\"127.0.0.0/8\"]}}");
        assertThat(refusal()).isEqualTo("access");
        server.done("PATCH", PORT, "{\"access\": {\"deny\": [\"127.0.0.2\"]}}");
        assertThat(refusal()).isEqualTo("another");
        server.done("PATCH", HOME, "{\"access\": {\"allow\": [\"::/0\"]}}");
        assertThat(refusal()).isEqualTo("another"); // the port has its own list
        server.done("PATCH", PORT, "{\"access\": null}");
        assertThat(refusal()).isEqualTo("access");

        assertThat(output)
                .contains(
                        "(deny 127.0.0.0/8)", "access added: allow ::/0", "an access list does not allow that address");
        assertThat(server.get("/api/v1/ports")).contains("\"access\":2");
    }

    @Test
    void allThatIsWrongIsToldWithWhereItIs() throws Exception {
        Answer wrong = server.send("POST", REMOTES, """
                {"name": "home", "access": {"allow": ["10.0.0.0/33"], "deny": ["localhost"]},
                 "ports": [{"bind": 1, "remote": 22, "access": {"deny": ["::ffff:10.0.0.0/90"]}}],
                 "hosts": [{"host": "app.example.com", "remote": 8000, "access": {"allow": ["10.0.0.0/8", ""]}}]}""");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/access/allow/0", "/access/deny/0", "/ports/0/access/deny/0", "/hosts/0/access/allow/1");

        Answer types = server.send("POST", REMOTES, """
                {"name": "home", "access": {"allow": [], "only": []},
                 "ports": [{"bind": 1, "remote": 22, "access": ["10.0.0.0/8"]}],
                 "hosts": [{"host": "app.example.com", "remote": 8000, "access": {"deny": [7]}}]}""");
        assertThat(types.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/access/allow", "/access/only", "/ports/0/access", "/hosts/0/access/deny/0");
    }

    @Test
    void theStoreAndAnExportedFileHaveThem() throws Exception {
        server.addAll(ACCESS);
        String shown = server.get(HOME + "/ports") + server.get(HOME + "/hosts");
        String yaml = server.get(EXPORT + ".yml");
        server.close();

        server = new ManagedServer(folder.resolve("again"), "", store);
        assertThat(server.get(HOME + "/ports") + server.get(HOME + "/hosts")).isEqualTo(shown);
        assertThat(server.get(HOME)).contains(SHOWN);
        server.close();

        Path file = Files.writeString(folder.resolve("exported.yml"), yaml);
        server = new ManagedServer(folder.resolve("filed"), "spring.config.import: " + file + "\n", new MemoryStore());
        assertThat(server.get(HOME + "/ports") + server.get(HOME + "/hosts")).isEqualTo(shown);
        assertThat(server.get(HOME)).contains(SHOWN);
        assertThat(refusal()).isEqualTo("access");
    }

    /** The server's list is in a file. It also applies to remotes of the store. */
    @Test
    void theServersListChangesWithItsFile(CapturedOutput output) throws Exception {
        server.done("POST", REMOTES, "{\"name\": \"home\"}");
        server.done("POST", HOME + "/ports", "{\"name\": \"ssh\", \"bind\": \"127.0.0.1:0\", \"remote\": 22}");
        Path file = SHARED.file();
        String before = Files.readString(file);
        assertThat(before).contains("  server:\n    bind: 127.0.0.1:0\n");

        Files.writeString(
                file,
                before.replace("    bind: 127.0.0.1:0\n", "    bind: 127.0.0.1:0\n    access: {deny: [127.0.0.1]}\n"));
        assertThat(server.done("POST", "/api/v1/config/reload", "").body()).doesNotContain("portproxy.server");
        assertThat(refusal()).isEqualTo("access");
        Files.writeString(file, before);
        server.done("POST", "/api/v1/config/reload", "");
        assertThat(refusal()).isEqualTo("another");
        assertThat(output)
                .contains("the server's access list has changed; it applies where a remote, port or host has none");
    }

    @Test
    void theProxyProtocolIsSaidAndBelievedByThem() throws Exception {
        server.done("POST", REMOTES, "{\"name\": \"home\"}");
        server.done("POST", HOME + "/ports", """
                {"name": "ssh", "bind": "127.0.0.1:0", "remote": 22, "proxyProtocol": "v2",
                 "acceptProxyProtocol": ["127.0.0.1", "10.0.0.0/8"]}""");
        server.done(
                "POST",
                HOME + "/hosts",
                "{\"host\": \"app.example.com\", \"remote\": 8000, \"proxyProtocol\": \"v1\"}");
        String port = "\"proxyProtocol\":\"v2\",\"acceptProxyProtocol\":[\"127.0.0.1\",\"10.0.0.0/8\"]";
        for (String path : new String[] {REMOTES, HOME, PORT, DESIRED, EXPORT}) {
            assertThat(server.get(path)).as(path).contains(port);
        }
        assertThat(server.get(HOST)).contains("\"proxyProtocol\":\"v1\"");
        String export = server.get(EXPORT);
        for (String path : new String[] {HOME, PORT, HOST, DESIRED}) {
            assertThat(server.done("PUT", path, server.get(path)).body())
                    .as(path)
                    .contains("\"changed\":[]");
        }
        assertThat(server.get(EXPORT)).isEqualTo(export);

        ProxyServer running = server.role();
        try (PlainSocket user = PlainSocket.connect(running.exposedAddresses().get(0))) {
            user.send("no header".getBytes(StandardCharsets.US_ASCII));
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
        assertThat(running.remotes().get(0).ports().get(0).refused()).containsEntry("proxy_header", 1L);

        Answer wrong =
                server.send("PATCH", PORT, "{\"proxyProtocol\": \"v3\", \"acceptProxyProtocol\": [\"localhost\"]}");
        assertThat(wrong.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder("/proxyProtocol", "/acceptProxyProtocol/0");
        assertThat(server.send("PATCH", HOST, "{\"acceptProxyProtocol\": [\"127.0.0.1\"]}")
                        .status())
                .isEqualTo(422);

        String yaml = server.get(EXPORT + ".yml");
        String shown = server.get(HOME + "/ports") + server.get(HOME + "/hosts");
        server.close();
        Path file = Files.writeString(folder.resolve("exported.yml"), yaml);
        server = new ManagedServer(folder.resolve("filed"), "spring.config.import: " + file + "\n", new MemoryStore());
        assertThat(server.get(HOME + "/ports") + server.get(HOME + "/hosts")).isEqualTo(shown);
    }

    @Test
    void aListMayBeLong() throws Exception {
        String entries = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"10.%d.%d.0/24\"".formatted(i / 256, i % 256))
                .collect(Collectors.joining(", "));
        server.done(
                "POST",
                REMOTES,
                "{\"name\": \"home\", \"access\": {\"allow\": [%s, \"127.0.0.0/8\"]}}".formatted(entries));
        server.done("POST", HOME + "/ports", "{\"name\": \"ssh\", \"bind\": \"127.0.0.1:0\", \"remote\": 22}");
        assertThat(refusal()).isEqualTo("another");
        server.done("PATCH", HOME, "{\"access\": {\"allow\": [%s]}}".formatted(entries));
        assertThat(refusal()).isEqualTo("access");
    }
}
