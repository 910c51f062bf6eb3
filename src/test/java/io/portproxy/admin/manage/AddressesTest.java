package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.testing.PortRanges;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests port ranges and unix sockets in the API. */
class AddressesTest {
    private static final String REMOTES = "/api/v1/remotes";

    private static int first;

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(folder -> {
        first = PortRanges.free(20);
        return """
            portproxy:
              workers: 1
              store: none
              server:
                bind: 127.0.0.1:0
                max-ports: 12
                max-range: 6
                proxy: [{remote-name: filed, port-list: [{bind: "127.0.0.1:%d-%d", remote: 1-3}]}]
            """.formatted(first, first + 2);
    });

    @TempDir
    private Path folder;

    private final ConfigurableApplicationContext server = SHARED.context();

    @BeforeEach
    void addHome() throws Exception {
        assertThat(send("POST", REMOTES, "{\"name\": \"home\"}").status()).isEqualTo(201);
    }

    private Answer send(String method, String path, String body, String... headers) throws Exception {
        return AdminClient.ALICE.sendJson(server, method, path, body, headers);
    }

    private Answer add(String bind, String remote) throws Exception {
        return send(
                "POST",
                REMOTES + "/home/ports",
                "{\"name\": \"media\", \"bind\": \"" + bind + "\", \"remote\": \"" + remote + "\"}");
    }

    private static String range(int from, int to) {
        return "127.0.0.1:" + (first + from) + "-" + (first + to);
    }

    @Test
    void aRangeIsAddedShownExportedAndRemoved() throws Exception {
        assertThat(add(range(5, 9), "5000-5004").status()).isEqualTo(201);

        Answer remote = AdminClient.ALICE.get(server, REMOTES + "/home");
        assertThat(remote.texts("ports[*].bind")).containsExactly(range(5, 9));
        assertThat(remote.texts("ports[*].address")).containsExactly(range(5, 9));
        assertThat(remote.texts("ports[*].remote")).containsExactly("5000-5004");
        Answer ports = AdminClient.ALICE.get(server, "/api/v1/ports");
        assertThat(ports.texts("$[*].bind")).contains(range(0, 2), range(5, 9));
        assertThat(ports.texts("$[*].target")).contains("127.0.0.1:1-3", "127.0.0.1:5000-5004");
        assertThat(AdminClient.ALICE.get(server, "/api/v1/config/desired").body())
                .contains(range(5, 9), "5000-5004");
        assertThat(AdminClient.ALICE.get(server, "/api/v1/config/export.yml").body())
                .contains(range(5, 9), "5000-5004");
        assertThat(send("DELETE", REMOTES + "/home/ports/media", "", "If-Match", "*")
                        .status())
                .isEqualTo(200);
        assertThat(add(range(6, 10), "unix:/run/app.sock").status()).isEqualTo(422);
    }

    @Test
    void aPortThatIsInUseIsNamed() throws Exception {
        try (ServerSocket another = new ServerSocket(first + 7, 1, InetAddress.getLoopbackAddress())) {
            Answer answer = add(range(5, 9), "5000-5004");
            assertThat(answer.status()).as(answer.body()).isEqualTo(409);
            assertThat(answer.body()).contains("listens on port " + another.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 4, 5000-5002, is on the same address and port as",
        "5, 9, 5000-5003, 'has 4 ports, and 5 lead there'",
        "5, 9, 5000, 'has 1 port, and 5 lead there'",
        "5, 11, 5000-5006, 'has 7 ports, more than portproxy.server.max-range (6)'",
        "9, 5, 5000-5004, ends before it begins",
    })
    void aWrongRangeIsAnsweredWithWhatIsWrong(int from, int to, String remote, String detail) throws Exception {
        Answer answer = add(range(from, to), remote);
        assertThat(answer.status()).as(answer.body()).isIn(409, 422);
        assertThat(answer.body()).contains(detail);
    }

    @Test
    void eachPortOfARangeCounts() throws Exception {
        assertThat(add(range(3, 8), "5000-5005").status()).isEqualTo(201);
        Answer answer = send(
                "POST",
                REMOTES + "/home/ports",
                "{\"name\": \"more\", \"bind\": \"" + range(10, 13) + "\", \"remote\": \"5000-5003\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("13 ports", "portproxy.server.max-ports (12)");
    }

    @Test
    void aUnixSocketIsExposedShownChangedAndRemoved() throws Exception {
        Path file = folder.resolve("app.sock");
        String bind = "unix:" + file;
        String name = file.toString().substring(1).replace('/', '-');
        String body = "{\"bind\": \"" + bind + "|%s\", \"remote\": \"5000\"}";
        assertThat(send("POST", REMOTES + "/home/ports", body.formatted("0600")).status())
                .isEqualTo(201);

        assertThat(mode(file)).isEqualTo("rw-------");
        Answer remote = AdminClient.ALICE.get(server, REMOTES + "/home");
        assertThat(remote.texts("ports[*].name")).containsExactly(name);
        assertThat(remote.texts("ports[*].bind")).containsExactly(bind + "|0600");
        assertThat(remote.texts("ports[*].address")).containsExactly(bind);
        assertThat(AdminClient.ALICE.get(server, "/api/v1/ports/" + name).body())
                .contains("\"" + bind + "\"");
        assertThat(AdminClient.ALICE.get(server, "/api/v1/config/export.yml").body())
                .contains(bind + "|0600");
        String port = REMOTES + "/home/ports/" + name;
        assertThat(send("PUT", port, body.formatted("0666"), "If-Match", "*").status())
                .isEqualTo(200);
        assertThat(mode(file)).isEqualTo("rw-rw-rw-");
        Answer wrong = send("PUT", port, body.formatted("666"), "If-Match", "*");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer")).containsExactly("/bind");
        assertThat(send("DELETE", port, "", "If-Match", "*").status()).isEqualTo(200);
        assertThat(file).doesNotExist();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aUnixSocketThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("app.sock"), "precious");

        Answer taken = add("unix:" + file, "5000");
        Answer nowhere = add("unix:" + folder.resolve("none/app.sock"), "5000");

        assertThat(taken.status()).as(taken.body()).isEqualTo(409);
        assertThat(taken.body()).contains("a file that is not a socket");
        assertThat(nowhere.status()).as(nowhere.body()).isEqualTo(409);
        assertThat(nowhere.body()).contains("a folder that does not exist");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aUnixSocketIsATarget() throws Exception {
        assertThat(add("127.0.0.1:0", "unix:/run/app.sock").status()).isEqualTo(201);
        assertThat(AdminClient.ALICE.get(server, "/api/v1/ports").texts("$[*].target"))
                .contains("unix:/run/app.sock");
        Answer wrong = send(
                "POST", REMOTES + "/home/ports", "{\"name\": \"x\", \"bind\": \"0\", \"remote\": \"unix:app.sock\"}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer")).containsExactly("/remote");
    }
}
