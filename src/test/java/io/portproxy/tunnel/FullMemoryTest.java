package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.MemoryBudget;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests many remotes that do not read, each with a user who sends. The memory for what leaves through tunnels is limited, too. */
class FullMemoryTest {
    private static final int REMOTES = 40;
    private static final long BUDGET = 2 << 20;

    private final MemoryBudget budget = new MemoryBudget(BUDGET);
    private final List<AutoCloseable> open = new ArrayList<>();

    @Test
    void remotesThatDoNotReadTakeNeitherMoreThanTheBudgetNorTheOthersBytes() throws Exception {
        Duration longEnough = Duration.ofMinutes(10);
        TunnelSettings patient = TestSettings.tunnel(TestSettings.LIMITS.withStallTimeout(longEnough))
                .withIdleTimeout(longEnough);
        RemoteSettings[] remotes;
        try (LogRecorder log = new LogRecorder();
                Target echo = Target.echo()) {
            remotes = Stream.concat(
                            IntStream.range(0, REMOTES).mapToObj(i -> TestSettings.remote("r" + i, 80)),
                            Stream.of(TestSettings.remote("busy", echo.port())))
                    .toArray(RemoteSettings[]::new);
            try (ServerUnderTest server = new ServerUnderTest(
                            TestSettings.server(remotes).withTunnel(patient), new MemoryCeiling(BUDGET / 2), budget);
                    ClientUnderTest busy = new ClientUnderTest(
                            TestSettings.client("busy", server.tunnelAddress()).withTunnel(patient))) {
                await().until(busy::connected);
                for (int i = 0; i < REMOTES; i++) {
                    TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r" + i);
                    open.add(remote);
                    TestRemote.Opened user = remote.open(server.exposed(i));
                    open.add(user.user());
                    remote.peer().socket().pauseReading(true);
                    sendOn(user);
                }
                // Each remote then has a buffer that its tunnel's socket has refused.
                await().atMost(Duration.ofSeconds(60)).until(() -> server.buffersInUse() >= REMOTES);
                assertThat(budget.used()).isLessThanOrEqualTo(BUDGET);

                assertThat(echoes(server.exposed(REMOTES))).as("another remote").isTrue();

                assertThat(budget.used()).isLessThanOrEqualTo(BUDGET);
                assertThat(log.linesWith("a bug")).isEmpty();
                assertThat(log.linesWith("no memory")).isEmpty();
                assertThat(log.linesWith("is disconnected")).isEmpty();
                for (AutoCloseable each : open) {
                    each.close();
                }
                await().until(() -> budget.used() == 0);
            }
        }
    }

    private static void sendOn(TestRemote.Opened opened) {
        Thread sender = new Thread(
                () -> {
                    byte[] chunk = Bytes.random(1, 64 * 1024);
                    try {
                        for (int i = 0; i < 1000; i++) {
                            opened.user().send(chunk);
                        }
                    } catch (IOException e) {
                        // The test is over.
                    }
                },
                "sender");
        sender.setDaemon(true);
        sender.start();
    }

    private static boolean echoes(InetSocketAddress exposed) throws IOException {
        byte[] sent = Bytes.random(2, 256 * 1024);
        try (Socket user = new Socket(exposed.getAddress(), exposed.getPort())) {
            Thread writer = new Thread(() -> {
                try {
                    user.getOutputStream().write(sent);
                } catch (IOException e) {
                    // The reader sees that bytes are missing.
                }
            });
            writer.start();
            return java.util.Arrays.equals(user.getInputStream().readNBytes(sent.length), sent);
        }
    }
}
