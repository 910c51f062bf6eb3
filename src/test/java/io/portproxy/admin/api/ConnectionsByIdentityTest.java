package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminPair;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that one connection is shown and closed by its identity, without a list of connections. */
class ConnectionsByIdentityTest {
    @TempDir
    private static Path folder;

    @Test
    void needsNoList() throws Exception {
        try (AdminPair pair = new AdminPair(folder, List.of(), List.of())) {
            pair.awaitTunnel();
            try (PlainSocket user = PlainSocket.connect(pair.exposed());
                    PlainSocket serving = pair.target().accept()) {
                await().until(() -> AdminClient.BOB
                                .get(pair.server(), "/api/v1/connections")
                                .number("total")
                        == 1);
                String identity = AdminClient.BOB
                        .get(pair.server(), "/api/v1/connections")
                        .text("items[0].identity");
                Semaphore lists = pair.server().getBean(Operations.class).lists();
                lists.acquire(lists.availablePermits());

                assertThat(AdminClient.BOB
                                .get(pair.server(), "/api/v1/connections/" + identity)
                                .text("state"))
                        .isEqualTo("open");
                assertThat(AdminClient.ALICE
                                .delete(pair.server(), "/api/v1/connections/" + identity)
                                .number("closed"))
                        .isEqualTo(1);
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                assertThat(serving.awaitEnd()).isEqualTo(End.RESET);
                assertThat(AdminClient.BOB
                                .get(pair.server(), "/api/v1/connections")
                                .status())
                        .isEqualTo(503);
            }
        }
    }
}
