package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Repeatedly;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests a drained tunnel whose streams are all over while their last bytes still wait for a peer that does not read. */
class LastBytesOfADrainTest {
    private static final Duration GRACE = Duration.ofSeconds(20);

    @Test
    void theyLeaveBeforeTheTunnelEnds() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 1)));
                TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            Opened stream = remote.open(server.exposed(0));
            PlainSocket tunnel = remote.peer().socket();
            tunnel.pauseReading(true);
            try (Repeatedly sender = new Repeatedly(1, () -> stream.user().send(new byte[64 * 1024]))) {
                await().until(() -> view(server).leaving() > 0);
                assertThat(sender.times()).isPositive();
            }
            var handle = server.role().remotes().get(0).tunnels().get(0).handle();
            assertThat(handle.closeStreams(List.of(stream.identity()))).succeedsWithin(GRACE);
            await().until(() -> view(server).streams() == 0);
            CompletableFuture<Void> stopped = server.stop(GRACE);
            await().until(() -> isGoing(server));
            tunnel.pauseReading(false);
            Instruction next = remote.peer().next();
            while (next.code() == 0x0003) {
                next = remote.peer().next();
            }
            assertThat(next).isEqualTo(Instruction.closeConnection(stream.identity()));
            assertThat(tunnel.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(stopped).succeedsWithin(GRACE);
        }
    }

    /**
     * Returns whether the server drains the tunnel or the tunnel has already ended. It can end early because the system's buffers have
     * grown and taken the rest.
     */
    private static boolean isGoing(ServerUnderTest server) {
        return server.role().remotes().get(0).tunnels().stream()
                .noneMatch(tunnel -> tunnel.handle().view().available());
    }

    private static TunnelView view(ServerUnderTest server) {
        return server.role().remotes().get(0).tunnels().get(0).handle().view();
    }
}
