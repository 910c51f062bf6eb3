package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.testing.ExtendedSettings;
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

/** Tests a remote's loop whose queue of tasks is full. */
class BusyLoopTest {
    private final EventLoopGroup loops = new EventLoopGroup("busy-", 2, new MemoryBudget(1 << 30));
    private final TlsResources tls = new TlsResources(1);
    private ProxyServer server;
    private EventLoop ofSecondTunnel;
    private EventLoop ofRemote;

    @BeforeEach
    void start() throws Exception {
        ServerSettings settings =
                TestSettings.server(ExtendedSettings.remote("r", 7)).withOnDuplicate(OnDuplicate.REFUSE);
        server = new ProxyServer(settings, loops, tls, new MemoryCeiling(64 << 20), EventSink.NONE);
        loops.start();
        server.start(TestSettings.exposure(settings));
        ofSecondTunnel = loops.next(); // loops are assigned in turn: for greetings, for the remote, then these
        ofRemote = loops.next();
    }

    @AfterEach
    void stop() {
        assertThat(server.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
        loops.close();
        tls.close();
    }

    private static void turn(EventLoop loop) throws Exception {
        CompletableFuture<Void> turned = new CompletableFuture<>();
        loop.execute(() -> turned.complete(null));
        turned.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aTunnelThatIsLostMeanwhileDoesNotKeepTheName() throws Exception {
        TestRemote lost = TestRemote.greeted(server.tunnelAddress(), 1, 1, "r", ExtendedSettings.TOKEN);
        await().until(() -> server.remotes().get(0).tunnels().size() == 1);
        CountDownLatch busy = new CountDownLatch(1);
        ofRemote.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (ofRemote.tryExecute(() -> {})) {
            // fill the queue
        }
        lost.close();
        await().until(() -> !server.remotes().get(0).counts().closed().isEmpty());
        turn(ofSecondTunnel);
        busy.countDown();

        await().until(() -> server.remotes().get(0).tunnels().isEmpty());
        try (TestRemote other = TestRemote.greeted(server.tunnelAddress(), 2, 0, "r", ExtendedSettings.TOKEN)) {
            assertThat(other.peer().socket().end()).isEmpty();
        }
    }
}
