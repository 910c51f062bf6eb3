package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ClientSettings;
import io.portproxy.client.ProxyClient;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.tunnel.telemetry.EventSink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A remote with event loops of its own. Closing it checks that no thread, buffer or memory of it is left. */
public final class ClientUnderTest implements AutoCloseable {
    private static final AtomicInteger count = new AtomicInteger();

    private final String name = "client-" + count.incrementAndGet() + "-";
    private final OwnThreads threads = new OwnThreads(name);
    private final EventLoopGroup loops;
    private final TlsResources tls = new TlsResources(2);
    private final MemoryCeiling memory = new MemoryCeiling(64 << 20);
    private final ProxyClient client;

    /** Makes the remote, for tests that do not want the usual one. */
    @FunctionalInterface
    public interface Maker {
        /** Makes the remote. */
        ProxyClient make(ClientSettings settings, EventLoopGroup loops, TlsResources tls, MemoryCeiling memory);
    }

    /** Starts a remote. */
    public ClientUnderTest(ClientSettings settings) throws InterruptedException, ExecutionException {
        this(settings, (made, loops, tls, memory) -> new ProxyClient(made, loops, tls, memory, EventSink.NONE));
    }

    /** Starts a remote that the maker makes. */
    public ClientUnderTest(ClientSettings settings, Maker maker) throws InterruptedException, ExecutionException {
        loops = threads.call(
                () -> new EventLoopGroup(name, Math.min(2, settings.tunnels()), new MemoryBudget(1 << 30)));
        client = maker.make(settings, loops, tls, memory);
        loops.start();
        client.start();
    }

    /** Returns whether the remote has a tunnel. */
    public boolean connected() {
        return client.connected();
    }

    /** Waits until both the remote and the server have a tunnel. From then on, the server serves users. */
    public void awaitConnected(ServerUnderTest server) {
        await().until(() -> connected() && server.connected());
    }

    /** Returns the remote itself. */
    public ProxyClient role() {
        return client;
    }

    /** Returns the number of pooled buffers that hold bytes. */
    public int buffersInUse() {
        return loops.buffersInUse();
    }

    /** Begins to stop the remote. */
    public CompletableFuture<Void> stop(Duration grace) {
        return client.stop(grace);
    }

    @Override
    public void close() {
        try {
            assertThat(client.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
        } finally {
            loops.close();
            tls.close();
        }
        assertThat(loops.buffersInUse()).as("buffers in use").isZero();
        assertThat(tls.buffersInUse()).as("TLS buffers in use").isZero();
        assertThat(memory.used()).as("bytes that wait for sockets").isZero();
        threads.awaitEnd();
    }
}
