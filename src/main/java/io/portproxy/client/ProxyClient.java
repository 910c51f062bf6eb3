package io.portproxy.client;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The remote's role: keeps its tunnels to the proxy server up and carries their streams to targets. Any thread may call
 * its methods; {@link #start} and {@link #stop} are called once each.
 */
public final class ProxyClient {
    private final ClientContext context;
    private final Uplinks uplinks;

    /**
     * @param settings the settings of the remote
     * @param loops the process's loops; the caller starts and closes them
     * @param tlsResources the objects that TLS handshakes share; the caller closes them
     * @param memory the memory limit that all tunnels of the process share
     * @param events receives the events of the remote
     */
    public ProxyClient(
            ClientSettings settings,
            EventLoopGroup loops,
            TlsResources tlsResources,
            MemoryCeiling memory,
            EventSink events) {
        this(settings, loops, tlsResources, memory, events, ExposeListener.NONE);
    }

    /**
     * Has a listener in addition to the parameters of the other constructor.
     *
     * @param exposeListener receives the results for the ports that the remote asks for
     */
    public ProxyClient(
            ClientSettings settings,
            EventLoopGroup loops,
            TlsResources tlsResources,
            MemoryCeiling memory,
            EventSink events,
            ExposeListener exposeListener) {
        this(settings, loops, tlsResources, memory, events, exposeListener, new Resolver());
    }

    ProxyClient(
            ClientSettings settings,
            EventLoopGroup loops,
            TlsResources tlsResources,
            MemoryCeiling memory,
            EventSink events,
            Resolver resolver) {
        this(settings, loops, tlsResources, memory, events, ExposeListener.NONE, resolver);
    }

    private ProxyClient(
            ClientSettings settings,
            EventLoopGroup loops,
            TlsResources tlsResources,
            MemoryCeiling memory,
            EventSink events,
            ExposeListener exposeListener,
            Resolver resolver) {
        SecureRandom random = new SecureRandom();
        OpaqueBytes instance = OpaqueBytes.id(random);
        UplinkEvents uplinkEvents = new UplinkEvents(new RemoteEvents(events, false, settings.name()));
        context = new ClientContext(
                settings,
                instance,
                loops,
                resolver,
                tlsResources,
                memory,
                random,
                new ClientTotals(new AskedTargets(settings.askedTargets(), Clock.systemUTC())),
                uplinkEvents,
                exposeListener);
        uplinks = new Uplinks(context);
    }

    /** Starts to connect. */
    public void start() {
        uplinks.start();
    }

    /** Returns whether all tunnels are up. */
    public boolean connected() {
        List<Uplink> wanted = uplinks.wanted();
        return !wanted.isEmpty() && wanted.stream().allMatch(Uplink::isUp);
    }

    /** Returns the current state of the remote. */
    public ClientView view() {
        ClientTotals counts = context.counts();
        List<ClientView.Server> servers =
                uplinks.wanted().stream().map(Uplink::view).toList();
        return new ClientView(
                context.settings().name(),
                Sockets.text(context.settings().server()),
                servers,
                uplinks.skipped(),
                servers.stream().mapToInt(ClientView.Server::wanted).sum(),
                uplinks.all().flatMap(Uplink::tunnels).toList(),
                counts.streams(),
                counts.delays(),
                counts.datagrams().counts(),
                counts.tunnels().counts(),
                counts.failures(),
                counts.lastFailure(),
                context.settings().allow(),
                counts.asked().view(),
                counts.asked().forgotten(),
                uplinks.wanted().stream().flatMap(Uplink::exposed).toList());
    }

    /**
     * Stops the remote. It accepts no new streams. Existing streams may end within the grace period, and then they are reset.
     *
     * @param grace the grace period for streams
     * @return completes when all tunnels are closed
     */
    public CompletableFuture<Void> stop(Duration grace) {
        return uplinks.stop(grace)
                .whenComplete((nothing, failure) -> context.resolver().close());
    }
}
