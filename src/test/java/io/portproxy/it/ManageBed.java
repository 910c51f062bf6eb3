package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A proxy server with a store, and a target. The server's only remote, if any, is declared in a file. */
final class ManageBed implements AutoCloseable {
    private static final String ALICE =
            "Basic " + Base64.getEncoder().encodeToString("alice:alice-secret".getBytes(StandardCharsets.UTF_8));

    private final Children children;
    private final int admin = FreePorts.find();
    private final Child server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Target echo = Target.echo();

    /** @param proxy the remotes that the file declares, as YAML */
    ManageBed(Children children, Path folder, String proxy) throws IOException {
        this.children = children;
        Path file = Files.writeString(
                folder.resolve("server.yml"), """
                portproxy:
                  data: %s
                  shutdown-grace: 0
                  admin.users:
                    - {name: alice, password: '{noop}alice-secret', role: admin}
                    - {name: bob, password: '{noop}bob-secret'}
                  server: {bind: "127.0.0.1:%d", gateways: [{name: web, bind: "127.0.0.1:0"}], proxy: %s}
                """.formatted(folder.resolve("data"), FreePorts.find(), proxy));
        List<String> command = PortProxy.command("server", file);
        command.set(command.indexOf("--server.port=0"), "--server.port=" + admin);
        server = children.start(command).awaitOutput(PortProxy.STARTED);
    }

    String url() {
        return "http://127.0.0.1:" + admin + "/";
    }

    /** Returns the port of a target that sends back what it receives. */
    int target() {
        return echo.port();
    }

    /** Starts the command that a page shows, in a shell. */
    Child run(String line) throws IOException {
        String program = PortProxy.command().stream()
                .filter(each -> !each.startsWith("--"))
                .collect(Collectors.joining(" "));
        assertThat(line).contains(" java -jar portproxy.jar connect ");
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", line.replace("java -jar portproxy.jar", "exec " + program));
        builder.environment().put("SERVER_PORT", "0");
        return children.start(builder);
    }

    /** Sends a request to the admin API as alice. A change applies to any version of what exists. */
    String ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "api/v1/" + path))
                .header("Authorization", ALICE)
                .header("Content-Type", "application/json")
                .header("If-Match", "*")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, path, answer.body())
                .isBetween(200, 201);
        return answer.body();
    }

    void assertNothingWentWrong() {
        PortProxy.assertNothingWentWrong(server);
    }

    String log() {
        return server.output();
    }

    @Override
    public void close() throws IOException {
        echo.close();
    }
}
