package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.FaultyLoops;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.Dialect;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the handover of a tunnel to a loop that is busy or has ended. */
class HandOverTest {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final CountDownLatch busy = new CountDownLatch(1);
    private volatile boolean broken;
    private final EventLoopGroup loops = FaultyLoops.of("hand-over-", 3, new MemoryBudget(1 << 30), this::nanoTime);
    private final TlsResources tls = new TlsResources(1);
    private ProxyServer server;
    private EventLoop ofRemote;
    private EventLoop ofSecondTunnel;

    private long nanoTime() {
        if (broken && Thread.currentThread().getName().equals("hand-over-2")) {
            throw new InternalError("on purpose");
        }
        return System.nanoTime();
    }

    @BeforeEach
    void start() throws Exception {
        ServerSettings settings = TestSettings.server(ExtendedSettings.remote("r", 7));
        server = new ProxyServer(settings, loops, tls, new MemoryCeiling(64 << 20), EventSink.NONE);
        loops.start();
        server.start(TestSettings.exposure(settings));
        ofSecondTunnel = loops.next(); // loops are assigned in turn: for greetings, for the remote, then this
        ofRemote = loops.behind(ofSecondTunnel, 2);
    }

    @AfterEach
    void stop() {
        busy.countDown();
        assertThat(server.stop(Duration.ZERO)).succeedsWithin(GRACE);
        loops.close();
        tls.close();
        assertThat(loops.buffersInUse()).isZero();
    }

    @Test
    void aTunnelThatIsAdmittedWhileTheServerStopsIsToldSo() throws Exception {
        ofSecondTunnel.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            CompletableFuture<TestRemote> greeted = CompletableFuture.supplyAsync(() -> greeted(peer));
            await().until(() -> loops.stats().get(2).tasks() > 0); // the tunnel has been admitted
            CompletableFuture<Void> stopped = server.stop(GRACE);
            CompletableFuture<Void> turned = new CompletableFuture<>();
            ofRemote.execute(() -> turned.complete(null)); // runs after the stop
            assertThat(turned).succeedsWithin(GRACE);
            busy.countDown();

            assertThat(greeted).succeedsWithin(GRACE);
            assertThat(peer.nextOf(0x001C).int16(0)).as("going away").isEqualTo(12);
            assertThat(peer.socket().awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(stopped).succeedsWithin(GRACE);
        }
    }

    @Test
    void aTunnelWhoseLoopHasEndedIsReset() throws Exception {
        broken = true;
        await().until(() -> {
            ofSecondTunnel.executeUnlessEnded(() -> {});
            return loops.stats().get(2).hasEnded();
        });
        try (TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            CompletableFuture<TestRemote> greeted = CompletableFuture.supplyAsync(() -> greeted(peer));

            assertThat(peer.socket().awaitEnd()).isEqualTo(End.RESET);
            assertThat(greeted).failsWithin(20, TimeUnit.SECONDS);
        }
        try (TestRemote first = TestRemote.greeted(server.tunnelAddress(), 1, 0, "r", ExtendedSettings.TOKEN)) {
            assertThat(first.peer().socket().end())
                    .as("a tunnel on another loop")
                    .isEmpty();
        }
    }

    private static TestRemote greeted(TestPeer peer) {
        try {
            return TestRemote.greeted(peer, 1, 1, "r", ExtendedSettings.TOKEN);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
