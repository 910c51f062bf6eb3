package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.ConfigurableApplicationContext;

/** A server with a gateway, whose remotes are changed by the API, as Alice. */
final class ManagedServer implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    /**
     * @param folder where its file is written; it is made
     * @param more lines of its file, below {@code portproxy.server}
     */
    ManagedServer(Path folder, String more, MemoryStore store) throws IOException {
        context = Started.withAdmin(
                Files.createDirectories(folder),
                AdminClient.USERS + """
                portproxy:
                  workers: 1
                  reload-interval: 0s
                  server:
                    bind: 127.0.0.1:0
                    gateways: [{name: web, bind: "127.0.0.1:0"}]
                """ + more,
                store,
                "--spring.profiles.active=server");
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    ProxyServer role() {
        return context.getBean(ProxyServer.class);
    }

    /** What is answered to a change of whatever there is. */
    Answer send(String method, String path, String body) throws Exception {
        return AdminClient.ALICE.sendJson(context, method, path, body, "If-Match", "*");
    }

    /** As {@link #send}, of a change that has to succeed. */
    Answer done(String method, String path, String body) throws Exception {
        Answer answer = send(method, path, body);
        assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isBetween(200, 201);
        return answer;
    }

    /** Adds the remote home with the port ssh and the host app.example.com, each of which has these members, too. */
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

    /** What is shown there. */
    String get(String path) throws Exception {
        Answer answer = AdminClient.ALICE.get(context, path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.body();
    }

    @Override
    public void close() {
        context.close();
    }
}
