package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.StoredRemote;
import io.portproxy.testing.MemoryStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that a server has no more remotes and ports than its limits allow. */
class LimitsTest {
    private static final String REMOTES = "/api/v1/remotes";

    @TempDir
    private Path folder;

    private final MemoryStore store = new MemoryStore();
    private ConfigurableApplicationContext server;

    private void start(int maxRemotes, int maxPorts) {
        server = Started.withAdmin(
                folder,
                AdminClient.USERS + """
            portproxy:
              workers: 1
              store: none
              server:
                bind: 127.0.0.1:0
                max-remotes: %d
                max-ports: %d
                proxy: [{remote-name: filed, port-list: [{bind: 0, remote: 1}]}]
            """.formatted(maxRemotes, maxPorts),
                store,
                "--spring.profiles.active=server");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer send(String method, String path, String body, String... headers) throws Exception {
        return AdminClient.ALICE.sendJson(server, method, path, body, headers);
    }

    private static String remote(String name, int ports) {
        String port = "{\"name\": \"p%d\", \"bind\": \"127.0.0.1:0\", \"remote\": 1}";
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < ports; i++) {
            list.append(i == 0 ? "" : ", ").append(port.formatted(i));
        }
        return "{\"name\": \"" + name + "\", \"ports\": [" + list + "]}";
    }

    private List<String> names() throws Exception {
        return AdminClient.ALICE.get(server, REMOTES).texts("$[*].name");
    }

    private void assertRefused(Answer answer, String pointer, String... words) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.texts("errors[*].pointer")).containsExactly(pointer);
        assertThat(answer.texts("errors[*].detail")).singleElement().asString().contains(words);
    }

    @Test
    void oneMoreRemoteIsRefused() throws Exception {
        start(2, 100);
        assertThat(send("POST", REMOTES, remote("a", 0)).status()).isEqualTo(201);

        String[] words = {"3 remotes", "portproxy.server.max-remotes (2)"};
        assertRefused(send("POST", REMOTES, remote("b", 0)), "", words);
        assertRefused(send("POST", REMOTES + "?dry-run=true", remote("b", 0)), "", words);
        String all = "{\"remotes\": [" + remote("b", 0) + ", " + remote("c", 0) + "]}";
        assertRefused(send("PUT", "/api/v1/config/desired", all, "If-Match", "*"), "/remotes/1", words);

        assertThat(names()).containsExactly("filed", "a");
        all = "{\"remotes\": [" + remote("b", 0) + "]}";
        assertThat(send("PUT", "/api/v1/config/desired", all, "If-Match", "*").status())
                .isEqualTo(200);
    }

    @Test
    void oneMorePortIsRefused() throws Exception {
        start(100, 3);
        assertThat(send("POST", REMOTES, remote("a", 2)).status()).isEqualTo(201);

        String[] words = {"4 ports", "portproxy.server.max-ports (3)"};
        assertRefused(
                send("POST", REMOTES + "/a/ports", "{\"name\": \"x\", \"bind\": \"127.0.0.1:0\", \"remote\": 1}"),
                "",
                words);
        assertRefused(send("POST", REMOTES, remote("b", 1)), "/ports", words);
        assertRefused(send("PUT", REMOTES + "/a", remote("a", 3), "If-Match", "*"), "/ports", words);

        assertThat(send("PUT", REMOTES + "/a", remote("a", 1), "If-Match", "*").status())
                .isEqualTo(200);
        assertThat(send("POST", REMOTES, remote("b", 1)).status()).isEqualTo(201);
        String metrics = AdminClient.ALICE.get(server, "/actuator/prometheus").body();
        assertThat(metrics)
                .contains("portproxy_remotes 3.0\n", "portproxy_remotes_max 100.0\n")
                .contains("portproxy_ports 3.0\n", "portproxy_ports_max 3.0\n");
    }

    private static StoredRemote stored(String name) {
        PortDefinition port = new PortDefinition("p", true, "tcp", "127.0.0.1:0", "1");
        return new StoredRemote(new RemoteDefinition(name, "", true, false, List.of(port)), List.of());
    }

    @Test
    void whatIsBeyondALimitThatWasLoweredIsKeptBackAndCanBeTakenAway() throws Exception {
        store.save(List.of(stored("a"), stored("b"), stored("c")), List.of());
        start(2, 100);

        assertThat(AdminClient.ALICE.get(server, REMOTES + "/a").texts("problems"))
                .isEmpty();
        assertThat(AdminClient.ALICE.get(server, REMOTES + "/b").texts("problems"))
                .singleElement()
                .asString()
                .contains("portproxy.server.max-remotes (2)");
        assertThat(send("PATCH", REMOTES + "/a", "{\"description\": \"x\"}", "If-Match", "*")
                        .status())
                .as("it grows no further")
                .isEqualTo(200);
        assertRefused(send("POST", REMOTES, remote("d", 0)), "", "5 remotes");
        assertThat(send("DELETE", REMOTES + "/b", "", "If-Match", "*").status()).isEqualTo(200);
        assertThat(names()).containsExactly("filed", "a", "c");
    }
}
