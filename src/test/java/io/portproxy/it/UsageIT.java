package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that usage counts survive {@code kill -9}, and that a quota holds. */
class UsageIT {
    @TempDir
    private Path folder;

    @RegisterExtension
    final Children children = Children.ofTest();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int admin = FreePorts.find();
    private final int tunnel = FreePorts.find();
    private final int port = FreePorts.find();

    private Child server(int target) throws Exception {
        Path file = Files.writeString(
                folder.resolve("server.yml"), """
                server.port: %d
                portproxy:
                  data: %s
                  usage.interval: 1s
                  admin.users: [{name: alice, password: '{noop}alice-secret', role: admin}]
                  server:
                    bind: 127.0.0.1:%d
                    proxy:
                      - remote-name: r
                        quota: {bytes: 10KB, per: month}
                        port-list: [{bind: %d, remote: %d}]
                """.formatted(admin, folder.resolve("data"), tunnel, port, target));
        List<String> command = PortProxy.command("server", file);
        command.set(command.indexOf("--server.port=0"), "--server.port=" + admin);
        return children.start(command).awaitOutput(PortProxy.STARTED);
    }

    private Child client() throws Exception {
        Path file = Files.writeString(folder.resolve("client.yml"), """
                portproxy:
                  client: {name: r, server: "127.0.0.1:%d", reconnect.initial: 100ms, reconnect.max: 500ms}
                """.formatted(tunnel));
        return PortProxy.start(children, "client", file, PortProxy.WITHOUT_ADMIN)
                .awaitOutput(PortProxy.UP);
    }

    private String get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + path))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString("alice:alice-secret".getBytes(StandardCharsets.UTF_8)))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private PlainSocket user() throws Exception {
        return PlainSocket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private int used(String path) throws Exception {
        return JsonPath.<List<Integer>>read(get(path), "$.items[*].bytesOut").stream()
                .mapToInt(bytes -> bytes)
                .sum();
    }

    @Test
    void isFoundAgainAfterAKillAndTheQuotaHolds() throws Exception {
        try (Target echo = Target.echo()) {
            Child server = server(echo.port());
            client();
            try (PlainSocket user = user()) {
                user.send(new byte[3000]);
                user.awaitReceived(3000);
            }
            await().until(() -> used("/api/v1/usage") == 3000);
            server.kill();

            server = server(echo.port()).awaitOutput(PortProxy.CONNECTED);
            assertThat(used("/api/v1/usage?by=hour&per=server")).isEqualTo(3000);
            assertThat(used("/api/v1/usage?by=month&port=" + port)).isEqualTo(3000);
            assertThat(get("/api/v1/usage.csv").lines()).hasSize(2);
            try (PlainSocket user = user()) {
                user.send(new byte[2200]); // more than 10 KB together with what was sent before
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
            server.awaitOutput("is used up");
            try (PlainSocket user = user()) {
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
            await().untilAsserted(() -> assertThat(get("/api/v1/remotes/r")).contains("\"usedUp\":true"));
            await().untilAsserted(() -> assertThat(get("/api/v1/ports")).contains("\"quota\":1"));
            PortProxy.assertNothingWentWrong(server);
        }
    }
}
