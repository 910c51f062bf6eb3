package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.ListenException;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.Exposure;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy server with event loops of its own. Closing it checks that no thread, buffer or memory of it is left. */
public final class ServerUnderTest implements AutoCloseable {
    private static final AtomicInteger count = new AtomicInteger();

    private final String name = "server-" + count.incrementAndGet() + "-";
    private final OwnThreads threads = new OwnThreads(name);
    private final EventLoopGroup loops;
    private final TlsResources tls = new TlsResources(2);
    private final MemoryCeiling memory;
    private final ServerSettings settings;
    private final ProxyServer server;

    /** Starts a server. */
    public ServerUnderTest(ServerSettings settings) throws ListenException, InterruptedException, ExecutionException {
        this(settings, new MemoryCeiling(64 << 20));
    }

    /** Starts a server with a ceiling that a test wants to reach. */
    public ServerUnderTest(ServerSettings settings, MemoryCeiling memory)
            throws ListenException, InterruptedException, ExecutionException {
        this(settings, memory, new MemoryBudget(1 << 30));
    }

    /** Starts a server with a given ceiling and a given budget. */
    public ServerUnderTest(ServerSettings settings, MemoryCeiling memory, MemoryBudget budget)
            throws ListenException, InterruptedException, ExecutionException {
        this.settings = settings;
        this.memory = memory;
        loops = threads.call(() -> new EventLoopGroup(name, 2, budget));
        server = new ProxyServer(settings, loops, tls, memory, EventSink.NONE);
        loops.start();
        server.start(TestSettings.exposure(settings));
    }

    /** Returns the address where remotes connect. */
    public InetSocketAddress tunnelAddress() {
        return server.tunnelAddress();
    }

    /** Returns an exposed address, counted from 0 in the order of the settings. */
    public InetSocketAddress exposed(int index) {
        return server.exposedAddresses().get(index);
    }

    /** Returns whether a remote has a tunnel to it. */
    public boolean connected() {
        return server.remotes().stream().anyMatch(remote -> !remote.tunnels().isEmpty());
    }

    /** Returns the server itself. */
    public ProxyServer role() {
        return server;
    }

    /** Does the same as {@link ProxyServer#change}, with the gateways of the server's first settings. */
    public void change(List<RemoteSettings> remotes, Duration drain, Runnable commit) throws ListenException {
        server.change(
                new Exposure(
                        settings.gateways(),
                        remotes,
                        settings.users().access(),
                        settings.users().limits()),
                drain,
                commit);
    }

    /** Returns the number of pooled buffers that hold bytes. */
    public int buffersInUse() {
        return loops.buffersInUse();
    }

    /** Begins to stop the server. */
    public CompletableFuture<Void> stop(Duration grace) {
        return server.stop(grace);
    }

    @Override
    public void close() {
        try {
            assertThat(server.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
        } finally {
            loops.close();
            tls.close();
        }
        threads.awaitEnd(); // the task of a handshake gives its buffers back when it ends
        assertThat(loops.buffersInUse()).as("buffers in use").isZero();
        assertThat(tls.buffersInUse()).as("TLS buffers in use").isZero();
        assertThat(memory.used()).as("bytes that wait for sockets").isZero();
    }
}
