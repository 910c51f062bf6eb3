package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.server.exposed.PortView;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what a server shows about a target that its remote does not allow. */
class DeniedTargetTest {
    private static final int DENIED = 9;
    private static final int TARGET_REFUSED = 1;

    private ServerUnderTest server;
    private TestRemote remote;
    private TestPeer peer;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", 4711)));
        remote = TestRemote.greeted(server.tunnelAddress(), "r", ExtendedSettings.TOKEN);
        peer = remote.peer();
    }

    @AfterEach
    void stop() throws IOException {
        remote.close();
        server.close();
    }

    private PortView port() {
        return server.role().remotes().get(0).ports().get(0);
    }

    private void refuse(int reason) throws Exception {
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            peer.send(Instruction.reset(peer.nextOf(0x0015).identity(), reason));
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void isShownUntilTheRemoteOpensIt() throws Exception {
        assertThat(port().denied()).isEmpty();

        refuse(DENIED);

        Optional<Instant> denied = port().denied();
        assertThat(denied).isPresent();
        assertThat(Duration.between(denied.get(), Instant.now())).isBetween(Duration.ZERO, Duration.ofMinutes(1));

        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            peer.send(Instruction.opened(peer.nextOf(0x0015).identity()));
            await().until(() -> port().denied().isEmpty());
            assertThat(user.end()).isEmpty();
        }
    }

    @Test
    void isNotWhatAnswersOtherwise() throws Exception {
        refuse(TARGET_REFUSED);

        assertThat(port().denied()).isEmpty();
    }

    @Test
    void staysKnownThroughOtherFailures() throws Exception {
        refuse(DENIED);

        refuse(TARGET_REFUSED);

        assertThat(port().denied()).isPresent();
    }
}
