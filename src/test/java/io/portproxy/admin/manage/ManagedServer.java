package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.ConfigurableApplicationContext;

/** A server with one gateway. Tests change its remotes through the API, as the user Alice. */
final class ManagedServer implements AutoCloseable {
    private static final String CONFIGURATION = """
            portproxy:
              workers: 1
              reload-interval: 0s
              server:
                bind: 127.0.0.1:0
                gateways: [{name: web, bind: "127.0.0.1:0"}]
            """;

    private final ConfigurableApplicationContext context;
    private final boolean own;

    /** Returns a server for all tests of a class. */
    static SharedServer shared() {
        return new SharedServer(CONFIGURATION);
    }

    /** @param shared the server; {@link #close} does not stop it */
    ManagedServer(SharedServer shared) {
        context = shared.context();
        own = false;
    }

    /**
     * Starts another server.
     *
     * @param folder the folder for its configuration file; it is created
     * @param more more lines of its file, below {@code portproxy.server}
     */
    ManagedServer(Path folder, String more, MemoryStore store) throws IOException {
        context = Started.withAdmin(
                Files.createDirectories(folder),
                AdminClient.USERS + CONFIGURATION + more,
                store,
                "--spring.profiles.active=server");
        own = true;
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    ProxyServer role() {
        return context.getBean(ProxyServer.class);
    }

    /** Sends a change that applies to any version ({@code If-Match: *}), and returns the answer. */
    Answer send(String method, String path, String body) throws Exception {
        return AdminClient.ALICE.sendJson(context, method, path, body, "If-Match", "*");
    }

    /** Sends a change as {@link #send} does, and checks that it succeeds. */
    Answer done(String method, String path, String body) throws Exception {
        Answer answer = send(method, path, body);
        assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isBetween(200, 201);
        return answer;
    }

    /** Adds the remote {@code home} with the port {@code ssh} and the host app.example.com. All three get these JSON members, too. */
    void addAll(String members) throws Exception {
        String remotes = "/api/v1/remotes";
        String home = remotes + "/home";
        done("POST", remotes, "{\"name\": \"home\", %s}".formatted(members));
        done(
                "POST",
                home + "/ports",
                "{\"name\": \"ssh\", \"bind\": \"127.0.0.1:0\", \"remote\": 22, %s}".formatted(members));
        done("POST", home + "/hosts", "{\"host\": \"app.example.com\", \"remote\": 8000, %s}".formatted(members));
    }

    /** Returns the body at the path. */
    String get(String path) throws Exception {
        Answer answer = AdminClient.ALICE.get(context, path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.body();
    }

    @Override
    public void close() {
        if (own) {
            context.close();
        }
    }
}
