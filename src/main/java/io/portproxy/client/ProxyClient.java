package io.portproxy.client;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.Sockets;
import io.portproxy.net.TlsResources;
import io.portproxy.protocol.Opaque;
import io.portproxy.tunnel.StreamCounts;
import io.portproxy.tunnel.StreamDelays;
import io.portproxy.tunnel.TunnelCounts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The remote's role: keeps its tunnels to the proxy server up and carries their streams to targets. Its methods may be
 * called from any thread; {@link #start} and {@link #stop} once each.
 */
public final class ProxyClient {
    private final Resolver resolver = new Resolver();
    private final ClientSettings settings;
    private final List<TunnelKeeper> keepers;

    /**
     * @param settings what to do
     * @param loops the process's loops, which the caller starts and closes
     * @param tlsResources what TLS handshakes share; the caller's to close
     * @param memory what all tunnels of the process share
     */
    public ProxyClient(ClientSettings settings, EventLoopGroup loops, TlsResources tlsResources, MemoryCeiling memory) {
        this.settings = settings;
        SecureRandom random = new SecureRandom();
        Opaque instance = Opaque.id(random);
        keepers = IntStream.range(0, settings.tunnels())
                .mapToObj(index -> new TunnelKeeper(
                        settings, index, instance, loops.next(), resolver, tlsResources, memory, random))
                .toList();
        keepers.stream().skip(1).forEach(keepers.get(0)::leads);
    }

    /** Begins to dial. */
    public void start() {
        keepers.forEach(TunnelKeeper::start);
    }

    /** Whether all tunnels are up. */
    public boolean connected() {
        return keepers.stream().allMatch(TunnelKeeper::isUp);
    }

    /** What the remote is like now. */
    public ClientView view() {
        return new ClientView(
                settings.name(),
                Sockets.text(settings.server()),
                keepers.size(),
                keepers.stream().flatMap(keeper -> keeper.tunnel().stream()).toList(),
                StreamCounts.sum(keepers.stream().map(TunnelKeeper::totals).toList()),
                StreamDelays.sum(keepers.stream().map(TunnelKeeper::totals).toList()),
                TunnelCounts.sum(
                        keepers.stream().map(TunnelKeeper::tunnelCounts).toList()),
                keepers.stream().mapToLong(TunnelKeeper::failures).sum(),
                keepers.stream()
                        .flatMap(keeper -> keeper.lastFailure().stream())
                        .findFirst());
    }

    /**
     * Stops: no new streams, then those there are get a time to end, then they are reset.
     *
     * @param grace how long streams may take
     * @return done when the tunnels are closed
     */
    public CompletableFuture<Void> stop(Duration grace) {
        return CompletableFuture.allOf(
                        keepers.stream().map(keeper -> keeper.stop(grace)).toArray(CompletableFuture<?>[]::new))
                .whenComplete((nothing, failure) -> resolver.close());
    }
}
