package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ProxyClient;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.FaultyLoops;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.ServerSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Faults;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests unexpected faults at any place. No cut transfer looks complete, nothing hangs, nothing is left behind, the remote dials again,
 * and the server serves the next user. Each round moves bytes both ways on a few streams and throws one fault at a random
 * point. The system property {@code rounds} sets the number of rounds.
 */
@ParameterizedClass
@EnumSource
class UnforeseenTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 700);
    private static final int STREAMS = 3;
    private static final int MAX_BYTES = 300_000;

    private final Speech speech;
    private final Faults faults = new Faults("faulty-");
    private final TlsResources tls = new TlsResources(1);
    private final MemoryCeiling memory = new MemoryCeiling(8 << 20);
    private final EventLoopGroup serverLoops =
            FaultyLoops.of("faulty-server-", 2, new MemoryBudget(16 << 20), faults::nanoTime);
    private final EventLoopGroup clientLoops =
            FaultyLoops.of("faulty-client-", 2, new MemoryBudget(16 << 20), faults::nanoTime);
    private final EventSink sink = event -> faults.point();
    private final Queue<String> lies = new ConcurrentLinkedQueue<>();
    private final ExecutorService users = Executors.newCachedThreadPool();
    private final Target target = new Target(this::serve);
    private ProxyServer server;
    private ProxyClient client;
    private InetSocketAddress exposed;

    UnforeseenTest(Speech speech) {
        this.speech = speech;
    }

    @BeforeEach
    void start() throws Exception {
        ServerSettings settings = TestSettings.server(speech.remote("r", target.port()));
        server = new ProxyServer(settings, serverLoops, tls, memory, sink);
        serverLoops.start();
        clientLoops.start();
        server.start(TestSettings.exposure(settings));
        exposed = server.exposedAddresses().get(0);
        client = new ProxyClient(
                speech.client("r", server.tunnelAddress())
                        .withTimes(TestSettings.TIMES.withBackoff(Duration.ofMillis(5))),
                clientLoops,
                tls,
                memory,
                sink);
        client.start();
        awaitService("the start");
    }

    @AfterEach
    void stop() throws Exception {
        faults.disarm();
        client.stop(Duration.ZERO).get(20, TimeUnit.SECONDS);
        server.stop(Duration.ZERO).get(20, TimeUnit.SECONDS);
        serverLoops.close();
        clientLoops.close();
        tls.close();
        target.close();
        users.shutdownNow();
        faults.close();
        assertThat(serverLoops.buffersInUse()).isZero();
        assertThat(clientLoops.buffersInUse()).isZero();
        assertThat(memory.used()).isZero();
    }

    @Test
    void costsAtMostATunnelAndNeverTheTruth() throws Exception {
        Random random = new Random(20261128);
        int range = 400;
        int thrown = 0;
        for (int round = 0; round < ROUNDS; round++) {
            faults.arm(1 + random.nextInt(range), random.nextInt());
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                int up = random.nextInt(MAX_BYTES);
                int down = random.nextInt(MAX_BYTES);
                results.add(users.submit(() -> exchange(up, down)));
            }
            for (Future<String> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS))
                        .as("round %d, %s", round, faults.where())
                        .isIn("complete", "reset");
            }
            range = Math.max(50, faults.passed());
            thrown += faults.thrown() ? 1 : 0;
            faults.disarm();
            assertThat(lies).as("round %d, %s", round, faults.where()).isEmpty();
            awaitService("round " + round + ", " + faults.where());
            awaitQuiet("round " + round + ", " + faults.where());
        }
        assertThat(thrown).as("rounds with a fault").isGreaterThan(ROUNDS / 2);
        assertThat(serverLoops.stats()).noneMatch(loop -> loop.hasEnded());
        assertThat(clientLoops.stats()).noneMatch(loop -> loop.hasEnded());
    }

    /** Sends and receives that many bytes, and returns the result. */
    private String exchange(int up, int down) {
        try (Socket user = new Socket()) {
            user.setSoTimeout(20_000);
            user.connect(exposed, 20_000);
            Future<Boolean> sending = users.submit(() -> sends(user, up, down));
            byte[] got = user.getInputStream().readNBytes(down);
            boolean end = user.getInputStream().read() == -1;
            if (end && Arrays.equals(got, Bytes.random(down, down))) {
                return "complete";
            }
            // The operating system reports a reset only once, to the thread that reads or to the thread that writes.
            return sending.get(20, TimeUnit.SECONDS) && !isClassicsFin()
                    ? "a clean end after " + got.length + " of " + down + " bytes"
                    : "reset";
        } catch (java.net.SocketTimeoutException e) {
            return "nothing came, and no end: " + e.getMessage();
        } catch (IOException e) {
            return "reset";
        } catch (Exception e) {
            return "the user's bytes were not taken: " + e;
        }
    }

    /**
     * Returns whether a clean end is allowed. The classic dialect has no reset, so a failure at the remote is a FIN for the user
     * (protocol.md, 1.4).
     */
    private boolean isClassicsFin() {
        return speech.dialect() == Dialect.CLASSIC && faults.thrown();
    }

    private static boolean sends(Socket user, int up, int down) {
        try {
            DataOutputStream out = new DataOutputStream(user.getOutputStream());
            out.writeInt(up);
            out.writeInt(down);
            out.write(Bytes.random(up, up));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int up = -1;
        byte[] got = new byte[0];
        try {
            up = in.readInt();
            int down = in.readInt();
            got = in.readNBytes(up);
            if (got.length == up) {
                if (!Arrays.equals(got, Bytes.random(up, up))) {
                    lies.add("wrong bytes of a user");
                }
                socket.getOutputStream().write(Bytes.random(down, down));
                return;
            }
        } catch (EOFException e) {
            // A FIN: see below.
        } catch (IOException e) {
            return; // a reset cannot be mistaken for a complete transfer
        }
        if (speech.dialect() == Dialect.EXTENDED) { // the classic dialect has no reset
            lies.add("a clean end after " + got.length + " of a user's " + up + " bytes");
        }
    }

    private void awaitService(String when) {
        await(when)
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> exchange(10, 10).equals("complete"));
    }

    /** Waits until no stream is left at either end. */
    private void awaitQuiet(String when) {
        await(when)
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> target.connections() == 0
                        && server.tunnels().values().stream()
                                .flatMap(List::stream)
                                .allMatch(tunnel -> tunnel.view().streams() == 0));
    }
}
