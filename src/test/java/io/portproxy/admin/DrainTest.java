package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ProxyClient;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A stop that waits for streams, and the operator who looks on. */
class DrainTest {
    @TempDir
    private Path folder;

    @Test
    void showsWhatTheStopWaitsForAndClosesIt() throws Exception {
        try (RawTarget target = RawTarget.open();
                ConfigurableApplicationContext server = Started.withAdmin(
                        folder, AdminClient.USERS + """
                            portproxy:
                              workers: 1
                              shutdown-grace: 10m
                              server:
                                bind: 127.0.0.1:0
                                proxy: [{remote-name: home, port-list: [{bind: 0, remote: %d}]}]
                            """.formatted(target.port()), "--spring.profiles.active=server");
                ConfigurableApplicationContext client = Started.with(
                        folder,
                        "portproxy: {workers: 1, shutdown-grace: 0, client: {name: home, server: '127.0.0.1:"
                                + server.getBean(ProxyServer.class)
                                        .tunnelAddress()
                                        .getPort()
                                + "'}}",
                        "--spring.profiles.active=client")) {
            var exposed = server.getBean(ProxyServer.class).exposedAddresses().get(0);
            await().until(client.getBean(ProxyClient.class)::connected);
            await().until(() -> AdminClient.BOB
                    .get(server, "/api/v1/remotes/home")
                    .text("state")
                    .equals("up"));
            try (PlainSocket user = PlainSocket.connect(exposed);
                    PlainSocket serving = target.accept()) {
                CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);

                await().until(() -> AdminClient.NOBODY
                                .get(server, "/actuator/health/readiness")
                                .status()
                        == 503);
                await().until(() -> AdminClient.BOB
                        .get(server, "/api/v1/ports")
                        .value("$[0].listening")
                        .equals(false));
                assertThat(AdminClient.NOBODY
                                .get(server, "/actuator/health/liveness")
                                .status())
                        .isEqualTo(200);
                assertThat(AdminClient.BOB.get(server, "/api/v1/connections").number("total"))
                        .isEqualTo(1);
                assertThat(stopped).isNotDone();

                assertThat(AdminClient.ALICE
                                .delete(server, "/api/v1/connections?remote=home")
                                .number("closed"))
                        .isEqualTo(1);
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                assertThat(serving.awaitEnd()).isEqualTo(End.RESET);
                await().until(stopped::isDone);
                stopped.join();
            }
        }
    }
}
