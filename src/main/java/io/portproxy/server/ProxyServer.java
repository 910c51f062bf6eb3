package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.ListenException;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.gateway.Gateway;
import io.portproxy.server.exposed.gateway.GatewayView;
import io.portproxy.server.exposed.user.Bans;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.OwnAnswers;
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
 * The proxy server's role: accepts tunnels from remotes and exposes the ports that are configured for their names. Any
 * thread may call its methods.
 */
public final class ProxyServer implements Counters {
    private final ServerSettings settings;
    private final Gateways gateways;
    private final Remotes remotes;
    private final TunnelPort tunnelPort;
    private final Quotas quotas;
    private final HeldRoom held;

    /**
     * @param settings the settings that do not change; what to expose comes with {@link #start}
     * @param loops the process's loops, which the caller starts and closes
     * @param tlsResources the resources that all TLS handshakes share; the caller closes them
     * @param memory the memory limit that all tunnels of the process share
     * @param events gets the events
     */
    public ProxyServer(
            ServerSettings settings,
            EventLoopGroup loops,
            TlsResources tlsResources,
            MemoryCeiling memory,
            EventSink events) {
        this.settings = settings;
        EventLoop loop = loops.next();
        this.gateways = new Gateways(
                loops::next,
                tlsResources,
                this::greet,
                settings.web(),
                settings.users().headerTimeout());
        this.held = new HeldRoom(settings.users().mostHeld());
        ServerContext context = new ServerContext(
                settings,
                loops,
                new Identities(Instant.now()),
                memory,
                new SecureRandom(),
                events,
                new LimitLevel(loop::nanoTime, settings.users().mostUsers()),
                held);
        this.remotes = new Remotes(context, gateways, new GrantThread(this));
        this.quotas = new Quotas(remotes::all);
        this.tunnelPort = new TunnelPort(context, loop, tlsResources, remotes);
    }

    private void greet(IncomingConnection remote) {
        tunnelPort.take(remote);
    }

    /**
     * Binds the tunnel port and all ports of the plan, and then begins to listen. If one port cannot be bound, none is.
     * This is the first change, and the caller calls it once, before {@link #change}.
     *
     * @param plan everything to expose
     * @throws ListenException one of the addresses cannot be listened on
     */
    public synchronized void start(Exposure plan) throws ListenException {
        become(plan, Duration.ZERO, tunnelPort::bind);
        tunnelPort.start();
    }

    /**
     * Changes what is exposed. Gateways, remotes, ports and tokens that stay the same are not affected. New addresses
     * are bound before anything else is changed. A port that gets another target is not bound again, and its streams
     * continue. The same is true for a gateway whose settings change. Connections of a gateway that is removed continue
     * until their users or targets end them. A port that is removed is closed, and a port that is disabled refuses
     * users; their streams may continue for the drain time. Tunnels of a remote that is removed or disabled, and
     * tunnels whose token is no longer valid, are dismissed: GoAway with the reason {@code denied}.
     *
     * @param plan everything to expose
     * @param drain how long the streams of ports that are removed or disabled may continue; then they are reset
     * @param commit runs when all new ports are bound and before anything else is touched; if it throws, nothing has
     *     changed
     * @throws ListenException a new address could not be bound; nothing has changed
     * @throws IllegalArgumentException a name, or an address, is in the plan twice; nothing has changed
     * @throws IllegalStateException the server has stopped
     */
    public synchronized void change(Exposure plan, Duration drain, Runnable commit) throws ListenException {
        become(plan, drain, commit::run);
    }

    /** What has to happen between the preparation of a change and its application. */
    private interface Commit {
        void run() throws ListenException;
    }

    private void become(Exposure plan, Duration drain, Commit commit) throws ListenException {
        RemotesChange change = remotes.prepare(plan);
        try {
            commit.run();
        } catch (Throwable e) {
            change.abandon();
            throw e;
        }
        remotes.apply(change, drain);
        quotas.changed();
    }

    /** The limits of the number of remotes and ports. */
    public Limits limits() {
        return settings.limits();
    }

    /**
     * The address that remotes connect to.
     *
     * @throws IllegalStateException the server has not started
     */
    public InetSocketAddress tunnelAddress() {
        return tunnelPort.address();
    }

    /** Whether remotes and users can connect. False before the start, and after the server has begun to stop. */
    public boolean isListening() {
        return tunnelPort.isListening()
                && gateways.all().stream().allMatch(gateway -> gateway.trouble().isEmpty())
                && remotes.ports().stream().allMatch(ExposedPort::isListening);
    }

    /**
     * The remotes in the order of the settings, including those that are away, and then the remotes of templates that
     * have a tunnel, a port or a host. After the start.
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

    /**
     * When a remote, or a remote of a template, last proved that it has a token; empty if it has not since the start.
     */
    public Optional<Instant> lastProved(String remote, TokenVerifier token) {
        return remotes.all().stream()
                .filter(there ->
                        there.name().equals(remote) || there.grantedBy().equals(remote))
                .flatMap(there -> there.admission().lastProved(token).stream())
                .max(Instant::compareTo);
    }

    /** The tunnels that have streams, by the remote's name, including those that have ended but still deliver. */
    public Map<String, List<TunnelHandle>> tunnels() {
        Map<String, List<TunnelHandle>> tunnels = new LinkedHashMap<>();
        remotes.all()
                .forEach(remote -> tunnels.put(remote.name(), remote.tunnels().handles()));
        return tunnels;
    }

    /**
     * The counts of all ports and hosts, including those that were removed since the last call. For one caller, which
     * keeps usage.
     */
    @Override
    public List<Tally> tallies() {
        return remotes.tallies().all();
    }

    /** Whether there are quotas, so that the counters have to be read each second. */
    @Override
    public boolean isWatched() {
        return quotas.isAny();
    }

    @Override
    public void looked(UsageTotals totals, Instant now) {
        quotas.check(totals, now);
    }

    /** Counts of the ports and hosts that remotes ask for. */
    public GrantCounts grants() {
        return remotes.grantCounts();
    }

    /** How many connections to the tunnel port were refused for that reason. */
    public long greetingsRefused(GreetingRefusal why) {
        return tunnelPort.refused(why);
    }

    /** The number of connections to the tunnel port that have not proved a name yet. */
    public int greetings() {
        return tunnelPort.greetings();
    }

    /** The addresses that users connect to, in the order of the settings. */
    public List<PortAddress> exposed() {
        return remotes.ports().stream().map(ExposedPort::address).toList();
    }

    /** The addresses that users connect to, without unix sockets; of a range only the first port. */
    public List<InetSocketAddress> exposedAddresses() {
        return exposed().stream()
                .flatMap(address ->
                        address instanceof PortAddress.Ports ports ? Stream.of(ports.first()) : Stream.empty())
                .toList();
    }

    /** The number of requests that the access log left out because there were too many at a time. */
    public long accessLogLost() {
        return settings.web().log().lost();
    }

    /** The users who get an answer from the server itself instead of from a target. */
    public OwnAnswers answers() {
        return settings.web().answers();
    }

    /** The addresses that are banned now, the oldest first. */
    public List<Bans.Ban> bans() {
        return settings.web().bans().all();
    }

    /** Lifts the ban of an address, or of the IPv6 network of 64 bits that it is in. Returns whether it was banned. */
    public boolean liftBan(InetAddress address) {
        return settings.web().bans().lift(address);
    }

    /** The number of users who wait for remotes that are away. */
    public int heldUsers() {
        return held.waiting();
    }

    /** The number of users who were refused at once, because too many waited for remotes that are away. */
    public long heldRefused() {
        return held.refused();
    }

    /** The gateways in the order of the settings; after the start. */
    public List<GatewayView> gateways() {
        return gateways.all().stream().map(Gateway::view).toList();
    }

    /**
     * The host names that a gateway has now, without wildcards and without hosts whose TLS ends at the target. After
     * the start.
     */
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
     * Stops the server. It closes the listeners first. Then streams have time to end. At last it resets those that are
     * left.
     *
     * @param grace how long streams may take
     * @return completes when no tunnel is left, or soon after the grace time
     */
    public CompletableFuture<Void> stop(Duration grace) {
        tunnelPort.stop();
        return remotes.stop(grace);
    }
}
