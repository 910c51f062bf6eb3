package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.events.EventListener;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests what an operator sees and can do while a stop waits for streams. */
class DrainTest {
    @TempDir
    private Path folder;

    @Test
    void showsWhatTheStopWaitsForAndClosesItAndTellsOfTheEnd() throws Exception {
        try (AdminPair pair = new AdminPair(folder, List.of("--portproxy.shutdown-grace=10m"), List.of())) {
            ConfigurableApplicationContext server = pair.server();
            pair.awaitTunnel();
            try (PlainSocket user = PlainSocket.connect(pair.exposed());
                    PlainSocket serving = pair.target().accept();
                    EventListener listener = EventListener.open(server, "")) {
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
                await().until(() -> listener.end().equals("clean"));
                assertThat(listener.received())
                        .extracting(EventListener.Received::type)
                        .containsSubsequence("stream-closed", "tunnel-down", "remote-down");
            }
        }
    }
}
