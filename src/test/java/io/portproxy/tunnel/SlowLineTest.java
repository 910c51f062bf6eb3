package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.Repeatedly;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Tests a slow line behind a large send buffer. The operating system reports room in the buffer only when a third is free, which takes
 * longer than {@code idle-timeout}. Bytes move all the time.
 */
class SlowLineTest {
    private static final int STEP = 32 * 1024;

    @Test
    void aClassicPeerThatTakesItsBytesSlowlyIsNotGivenUp() throws Exception {
        TunnelSettings hasty = TestSettings.tunnel().withIdleTimeout(Duration.ofSeconds(1));
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(
                        TestSettings.server(TestSettings.remote("r", 1)).withTunnel(hasty));
                Socket remote = connect(server.tunnelAddress())) {
            remote.getOutputStream().write(Instruction.packet(Instruction.greeting("r")));
            await().until(() -> !server.role().remotes().get(0).tunnels().isEmpty());
            AtomicLong read = new AtomicLong();
            try (PlainSocket user = PlainSocket.connect(server.exposed(0));
                    Repeatedly sender = new Repeatedly(1, () -> user.send(new byte[64 * 1024]))) {
                assertThat(sender).isNotNull();
                await().until(() -> leaving(server) > 0);
                try (Repeatedly reader = new Repeatedly(100, () -> {
                    remote.getOutputStream().write(Instruction.packet(Instruction.heartbeat()));
                    read.addAndGet(remote.getInputStream().readNBytes(STEP).length);
                })) {
                    assertThat(reader).isNotNull();
                    // This takes about four seconds, in which far less than a third of the send buffer leaves.
                    await().until(() -> read.get() >= 40 * STEP
                            || !log.linesWith("is disconnected").isEmpty());
                }
                assertThat(log.linesWith("is disconnected")).isEmpty();
                assertThat(leaving(server))
                        .as("bytes that wait behind a full buffer")
                        .isPositive();
                assertThat(sender.times()).isPositive();
            }
        }
    }

    private static Socket connect(InetSocketAddress server) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(STEP); // a larger buffer at this end would hide how slowly the line takes bytes
        socket.connect(server);
        return socket;
    }

    private static long leaving(ServerUnderTest server) {
        return server.role().remotes().get(0).tunnels().stream()
                .mapToLong(tunnel -> tunnel.handle().view().leaving())
                .sum();
    }
}
