package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.ListenException;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.exposed.Bans;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.Gateway;
import io.portproxy.server.exposed.GatewayView;
import io.portproxy.server.exposed.OwnAnswers;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.UserConnection;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.usage.Counters;
import io.portproxy.usage.Tally;
import io.portproxy.usage.UsageTotals;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The proxy server's role: takes tunnels from remotes and exposes the ports configured for their names. Its methods may
 * be called from any thread.
 */
public final class ProxyServer implements Counters {
    private final ServerSettings settings;
    private final Gateways gateways;
    private final Remotes remotes;
    private final TunnelPort tunnelPort;
    private final Quotas quotas;
    private final HeldRoom held;

    /**
     * @param settings what to expose in the beginning, and what does not change
     * @param loops the process's loops, which the caller starts and closes
     * @param tlsResources what TLS handshakes share; the caller's to close
     * @param memory what all tunnels of the process share
     * @param events who is told what happens
     */
    public ProxyServer(
            ServerSettings settings,
            EventLoopGroup loops,
            TlsResources tlsResources,
            MemoryCeiling memory,
            EventSink events) {
        this.settings = settings;
        SecureRandom random = new SecureRandom();
        Identities identities = new Identities(Instant.now());
        EventLoop loop = loops.next();
        this.gateways = new Gateways(
                loops::next,
                tlsResources,
                this::greet,
                settings.web(),
                settings.users().headerTimeout());
        this.held = new HeldRoom(settings.users().mostHeld());
        LimitLevel limits = new LimitLevel(loop::nanoTime, settings.users().mostUsers());
        this.remotes = new Remotes(
                (remote, requests) ->
                        new Remote(remote, settings, loops, identities, memory, random, events, limits, held, requests),
                gateways,
                new Desk(this),
                settings.limits(),
                limits);
        this.quotas = new Quotas(remotes::all);
        this.tunnelPort = new TunnelPort(settings, loop, tlsResources, remotes, random, events);
    }

    private void greet(UserConnection remote) {
        tunnelPort.take(remote);
    }

    /**
     * Binds every port, then begins to listen: either all of it or nothing. Once.
     *
     * @throws ListenException one of the addresses cannot be listened on
     */
    public void start() throws ListenException {
        start(settings.exposure());
    }

    /** As {@link #start()}, with something else to expose than what the settings have. */
    public void start(Exposure plan) throws ListenException {
        Remotes.Change first = remotes.prepare(plan);
        try {
            tunnelPort.bind();
        } catch (ListenException e) {
            first.abandon();
            throw e;
        }
        first.apply(Duration.ZERO);
        quotas.changed();
        tunnelPort.start();
    }

    /**
     * Exposes something else from now on, as a difference from what it does: gateways, remotes, ports and tokens that are the same do not
     * notice. New addresses are bound before anything else is touched. A port with another target is not bound again; its
     * streams go on. Nor is a gateway whose settings change; what is connected by one that is removed goes on until its users or targets end it. A port that is not there any more is closed, one that is disabled refuses users, and the streams of both may
     * end. The tunnels of a remote that is not there any more or is disabled, and those with a token that its remote has not any
     * more, are dismissed: GoAway with the reason {@code denied}.
     *
     * @param plan all that is to be exposed
     * @param drain how long the streams of ports that are removed or disabled may go on; then they are reset
     * @param commit runs when all new ports are bound and before anything else is touched; if it throws, nothing has changed
     * @throws ListenException a new address could not be bound; nothing has changed
     * @throws IllegalArgumentException a name, or an address, is in the plan twice; nothing has changed
     * @throws IllegalStateException the server has stopped
     */
    public synchronized void change(Exposure plan, Duration drain, Runnable commit) throws ListenException {
        Remotes.Change change = remotes.prepare(plan);
        try {
            commit.run();
        } catch (Throwable e) {
            change.abandon();
            throw e;
        }
        change.apply(drain);
        quotas.changed();
    }

    /** How many remotes and ports there may be. */
    public Limits limits() {
        return settings.limits();
    }

    /**
     * Where remotes connect.
     *
     * @throws IllegalStateException not started
     */
    public InetSocketAddress tunnelAddress() {
        return tunnelPort.address();
    }

    /** Whether remotes and users can connect: it has started, and has not begun to stop. */
    public boolean isListening() {
        return tunnelPort.isListening()
                && gateways.all().stream().allMatch(gateway -> gateway.trouble().isEmpty())
                && remotes.ports().stream().allMatch(ExposedPort::isListening);
    }

    /**
     * The remotes in the order of the settings, those that are away among them; behind them those of templates that have a tunnel or
     * a port; after the start.
     */
    public List<RemoteView> remotes() {
        return remotes.all().stream().map(this::view).toList();
    }

    /** The remote with that name, which may be away; after the start. */
    public Optional<RemoteView> remote(String name) {
        return remotes.find(name).map(this::view);
    }

    private RemoteView view(Remote remote) {
        return remote.view(gateways, quotas.of(remote.name()));
    }

    /** When a remote, or one of a template, last proved that it has a token; empty if it did not since the start. */
    public Optional<Instant> lastProved(String remote, TokenVerifier token) {
        return remotes.all().stream()
                .filter(there ->
                        there.name().equals(remote) || there.grantedBy().equals(remote))
                .flatMap(there -> there.admission().lastProved(token).stream())
                .max(Instant::compareTo);
    }

    /** The tunnels that have streams, by the remote's name, those among them that have ended but still deliver. */
    public Map<String, List<TunnelHandle>> tunnels() {
        Map<String, List<TunnelHandle>> tunnels = new LinkedHashMap<>();
        remotes.all()
                .forEach(remote -> tunnels.put(remote.name(), remote.tunnels().handles()));
        return tunnels;
    }

    /** What all ports and hosts have come to, those among them that are gone since this was asked last. By one who keeps it. */
    @Override
    public List<Tally> tallies() {
        return remotes.tallies().all();
    }

    /** Whether there are quotas. */
    @Override
    public boolean isWatched() {
        return quotas.isAny();
    }

    @Override
    public void looked(UsageTotals totals, Instant now) {
        quotas.check(totals, now);
    }

    /** What remotes have asked for. */
    public GrantCounts grants() {
        return remotes.grantCounts();
    }

    /** How many connections to the tunnel port were refused for that reason. */
    public long greetingsRefused(GreetingRefusal why) {
        return tunnelPort.refused(why);
    }

    /** Connections to the tunnel port that have not said and proved a name yet. */
    public int greetings() {
        return tunnelPort.greetings();
    }

    /** Where users connect, in the order of the settings. */
    public List<PortAddress> exposed() {
        return remotes.ports().stream().map(ExposedPort::address).toList();
    }

    /** The same, of many ports the first, without unix sockets. */
    public List<InetSocketAddress> exposedAddresses() {
        return exposed().stream()
                .flatMap(address ->
                        address instanceof PortAddress.Ports ports ? Stream.of(ports.first()) : Stream.empty())
                .toList();
    }

    /** Requests that the access log left out, as there were too many at a time. */
    public long accessLogLost() {
        return settings.web().log().lost();
    }

    /** The users whom it answers itself, in the place of targets. */
    public OwnAnswers answers() {
        return settings.web().answers();
    }

    /** The addresses that are banned now, the oldest first. */
    public List<Bans.Ban> bans() {
        return settings.web().bans().all();
    }

    /** Lets an address, or the IPv6 network of 64 bits that it is in, come again. Returns whether it was banned. */
    public boolean liftBan(InetAddress address) {
        return settings.web().bans().lift(address);
    }

    /** Users who wait for remotes that are away. */
    public int heldUsers() {
        return held.waiting();
    }

    /** Users who were refused at once, as too many waited for remotes that are away. */
    public long heldRefused() {
        return held.refused();
    }

    /** The gateways in the order of the settings; after the start. */
    public List<GatewayView> gateways() {
        return gateways.all().stream().map(Gateway::view).toList();
    }

    /** The names that hosts have at a gateway now, without wildcards and those whose TLS ends at the target; after the start. */
    public Set<String> hostNames(String gateway) {
        return gateways.all().stream()
                .filter(each -> each.name().equals(gateway))
                .findFirst()
                .map(Gateway::names)
                .orElse(Set.of());
    }

    /** The addresses of the gateways in the order of the settings; after the start. */
    public List<InetSocketAddress> gatewayAddresses() {
        return gateways.all().stream().map(Gateway::address).toList();
    }

    /**
     * Stops: listeners first, so that nothing new comes; then streams get a time to end; then what is left is reset.
     *
     * @param grace how long streams may take
     * @return done when no tunnel is left
     */
    public CompletableFuture<Void> stop(Duration grace) {
        tunnelPort.stop();
        return remotes.stop(grace);
    }
}
