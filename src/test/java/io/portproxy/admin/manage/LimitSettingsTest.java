package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.testing.MemoryStore;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests the limits for users of the server, a remote, its ports and hosts while the server runs. */
@ExtendWith(OutputCaptureExtension.class)
class LimitSettingsTest {
    private static final String REMOTES = "/api/v1/remotes";
    private static final String HOME = REMOTES + "/home";
    private static final String PORT = HOME + "/ports/ssh";
    private static final String HOST = HOME + "/hosts/app.example.com";
    private static final String EXPORT = "/api/v1/config/export";
    private static final String DESIRED = "/api/v1/config/desired";
    private static final String SHOWN =
            "\"limits\":{\"connections\":100,\"connectionsPerUser\":10,\"opensPerSecond\":50,"
                    + "\"opensPerSecondPerUser\":5,\"bandwidth\":{\"in\":\"10MB\",\"out\":\"20MB\"},"
                    + "\"bandwidthPerConnection\":{\"out\":\"512KB\"},\"idleTimeout\":\"10m\",\"maxDuration\":\"8h\"},"
                    + "\"holdWhileAway\":\"5s\"";

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

    private PlainSocket user() throws Exception {
        return PlainSocket.connect(server.role().exposedAddresses().get(0));
    }

    @Test
    void areShownWhereTheyAreSaidAndNowhereElse() throws Exception {
        server.addAll(SHOWN);
        for (String path :
                new String[] {REMOTES, HOME, HOME + "/ports", PORT, HOME + "/hosts", HOST, DESIRED, EXPORT}) {
            assertThat(server.get(path)).as(path).contains(SHOWN);
        }
        server.done("PATCH", HOME, "{\"limits\": null, \"holdWhileAway\": null}");
        server.done("PATCH", PORT, "{\"limits\": null, \"holdWhileAway\": null}");
        server.done("PUT", HOST, "{\"remote\": 8000, \"limits\": {\"bandwidth\": {}}}");
        assertThat(server.get(EXPORT)).doesNotContain("limits").doesNotContain("holdWhileAway");
    }

    @Test
    void whatIsSentBackChangesNothing() throws Exception {
        server.addAll(SHOWN);
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
    void allThatIsWrongIsToldWithWhereItIs() throws Exception {
        Answer wrong = server.send("POST", REMOTES, """
                {"name": "home", "holdWhileAway": "soon", "limits": {"connections": 0, "idleTimeout": "1ms"},
                 "ports": [
                   {"bind": 1, "remote": 22, "limits": {"bandwidth": {"in": "fast", "out": "1B"}}},
                   {"type": "udp", "bind": 2, "remote": 53, "holdWhileAway": "1s",
                    "limits": {"connections": 1, "connectionsPerUser": 1, "idleTimeout": "1m", "opensPerSecond": 9}}],
                 "hosts": [{"host": "app.example.com", "remote": 8000, "holdWhileAway": "1h",
                    "limits": {"maxDuration": "9999h", "opensPerSecondPerUser": -1}}]}""");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/holdWhileAway",
                        "/limits/connections",
                        "/limits/idleTimeout",
                        "/ports/0/limits/bandwidth/in",
                        "/ports/0/limits/bandwidth/out",
                        "/ports/1/holdWhileAway",
                        "/ports/1/limits/connections",
                        "/ports/1/limits/connectionsPerUser",
                        "/ports/1/limits/idleTimeout",
                        "/hosts/0/holdWhileAway",
                        "/hosts/0/limits/maxDuration",
                        "/hosts/0/limits/opensPerSecondPerUser");
        assertThat(wrong.body()).contains("write max-sessions at the port", "bytes a second", "is not a size");

        Answer types = server.send("POST", REMOTES, """
                {"name": "home", "limits": {"connections": "many", "connections-per-user": 1, "bandwidth": 5},
                 "ports": [{"bind": 1, "remote": 22, "limits": [], "holdWhileAway": 5}],
                 "hosts": [{"host": "a.example", "remote": 80, "limits": {"bandwidth": {"up": "1MB", "in": 1.5}}}]}""");
        assertThat(types.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/limits/connections",
                        "/limits/connections-per-user",
                        "/limits/bandwidth",
                        "/ports/0/limits",
                        "/ports/0/holdWhileAway",
                        "/hosts/0/limits/bandwidth/up",
                        "/hosts/0/limits/bandwidth/in");
    }

    @Test
    void theStoreAndAnExportedFileHaveThem() throws Exception {
        server.addAll(SHOWN);
        String shown = server.get(HOME + "/ports") + server.get(HOME + "/hosts");
        String yaml = server.get(EXPORT + ".yml");
        server.close();

        server = new ManagedServer(folder.resolve("again"), "", store);
        assertThat(server.get(HOME + "/ports") + server.get(HOME + "/hosts")).isEqualTo(shown);
        assertThat(server.get(HOME)).contains(SHOWN);
        server.close();

        Path file = Files.writeString(folder.resolve("exported.yml"), yaml);
        server = new ManagedServer(folder.resolve("filed"), "spring.config.import: " + file + "\n", new MemoryStore());
        String filed = server.get(HOME + "/ports") + server.get(HOME + "/hosts");
        assertThat(filed).isEqualTo(shown.replace("10m", "600s"));
        assertThat(server.get(HOME)).contains(SHOWN.replace("10m", "600s"));
    }

    @Test
    void aChangeHoldsAtOnce(CapturedOutput output) throws Exception {
        server.done("POST", REMOTES, "{\"name\": \"home\", \"holdWhileAway\": \"5m\"}");
        server.done("POST", HOME + "/ports", "{\"name\": \"ssh\", \"bind\": \"127.0.0.1:0\", \"remote\": 22}");
        await().until(() -> server.role().heldUsers() == 0);
        try (PlainSocket first = user()) {
            await().until(() -> server.role().heldUsers() == 1);
            server.done("PATCH", PORT, "{\"limits\": {\"connections\": 1}}");
            try (PlainSocket second = user()) {
                assertThat(second.awaitEnd()).isEqualTo(End.RESET);
            }
            await().untilAsserted(() -> assertThat(server.get("/api/v1/ports")).contains("\"limit_connections\":1"));
            assertThat(server.role().heldUsers()).isEqualTo(1);
            assertThat(first.end()).isEmpty();
        }
        assertThat(output).contains("limits: connections 1", "hold-while-away: 5m");
    }

    /** The server's limits are in a file. They also apply to remotes of the store. */
    @Test
    void theServersLimitsChangeWithItsFile(CapturedOutput output) throws Exception {
        server.done("POST", REMOTES, "{\"name\": \"home\"}");
        server.done("POST", HOME + "/ports", "{\"name\": \"ssh\", \"bind\": \"127.0.0.1:0\", \"remote\": 22}");
        Path file = SHARED.file();
        String before = Files.readString(file);
        Files.writeString(
                file,
                before.replace(
                        "    bind: 127.0.0.1:0\n",
                        "    bind: 127.0.0.1:0\n    hold-while-away: 5m\n    limits: {connections: 1}\n"));
        assertThat(server.done("POST", "/api/v1/config/reload", "").body()).doesNotContain("portproxy.server");
        await().until(() -> server.role().heldUsers() == 0);
        try (PlainSocket first = user();
                PlainSocket second = user()) {
            await().until(() -> first.end().isPresent() || second.end().isPresent());
            assertThat(server.role().heldUsers()).isEqualTo(1);
        }
        Files.writeString(file, before);
        server.done("POST", "/api/v1/config/reload", "");
        try (PlainSocket user = user()) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
        assertThat(output).contains("the server's limits for all users together have changed");
    }
}
