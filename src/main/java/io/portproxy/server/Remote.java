package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.protocol.Wire;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.HostView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.Preface;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.tunnel.Carrier;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.TunnelOwner;
import io.portproxy.tunnel.TunnelStreams;
import io.portproxy.tunnel.connection.TunnelTerms;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A remote name as the proxy server knows it: its exposed ports and the tunnels that carry them. The ports, and the list
 * of tunnels, live on one loop, and so does a remote's first tunnel, so that with one tunnel a user's connection never
 * changes threads. Further tunnels have other loops, and so may a port that another remote had before.
 */
final class Remote {
    private static final Logger log = LoggerFactory.getLogger(Remote.class);

    /** On top of the grace, whose end resets what is left: until that has happened, and was told. */
    private static final Duration RESET_TIME = Duration.ofMillis(200);

    /** Tunnels that are logged in ten seconds: a name without tokens is anybody's, as often as they like. */
    private static final int TUNNELS_LOGGED = 100;

    private static final String SHUTTING_DOWN = "this server is shutting down";
    private static final String DISABLED = "the remote is disabled";
    private static final String REMOVED = "the remote name is not configured any more";
    private static final String REVOKED = "the remote's token is not valid any more";

    /** Where users come to hosts. Any thread. */
    interface Fronts {
        /** Why users cannot come to a host; empty: they can. */
        Optional<String> trouble(HostSettings host);

        /** What users write for it. */
        List<String> urls(HostSettings host);
    }

    /** Hears what it is asked for, and what becomes of it. */
    interface Requests {
        /**
         * A port is asked for.
         *
         * @param answer gets the answer, on any thread
         */
        void ask(Remote remote, Asker asker, Expose wish, Consumer<ExposeInstruction> answer);

        /** A tunnel in which it has asked for ports has ended. */
        void ended(Remote remote, RemoteTunnel tunnel);

        /** A port or host that it had asked for is its no more. */
        void left(Route route);

        /** It is of a template, and has lost its last tunnel. */
        void idle(Remote remote);
    }

    private final String name;
    private final ServerSettings server;
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final MemoryCeiling memory;
    private final SecureRandom random;
    private final TunnelTotals totals = new TunnelTotals();
    private final RemoteEvents events;
    private final LogLimit tunnelLines;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final RemoteTunnels tunnels; // on the loop
    private final UserDispatch users;
    private volatile RemoteSettings settings; // changes on the loop
    private volatile Access access = Access.ALL; // for what says nothing itself
    private volatile List<ExposedPort> ports = List.of();
    private volatile List<Hosted> hosted = List.of();
    private volatile List<GrantedPort> granted = List.of(); // changes at the desk
    private volatile List<GrantedHost> grantedHosts = List.of(); // changes at the desk
    private final Set<Carrier> delivering = new HashSet<>(); // closed, with streams to be delivered; on the loop
    private final Quarrel quarrel; // on the loop
    private Optional<Reject> leaving = Optional.empty(); // once it takes no tunnel any more; on the loop
    private boolean up; // on the loop, as it was told last
    private volatile List<RemoteView.Tunnel> published = List.of(); // tunnels that are up, for any thread
    private volatile @Nullable LastRefusal lastRefusal;
    private volatile boolean held; // there are tunnels, or streams to be delivered
    private final AtomicInteger coming = new AtomicInteger(); // tunnels on their way to the loop
    private final Requests requests;
    private final List<LimitLevel> levels; // the server's, and its own
    private final LimitLevel limits;
    private final Map<TokenVerifier, Instant> lastProved = new ConcurrentHashMap<>(); // of tokens that it has
    private volatile List<TunnelHandle> publishedDelivering = List.of();

    Remote(
            RemoteSettings settings,
            ServerSettings server,
            EventLoopGroup loops,
            Identities identities,
            MemoryCeiling memory,
            SecureRandom random,
            EventSink events,
            LimitLevel serverLimits,
            HeldRoom heldRoom,
            Requests requests) {
        this.requests = requests;
        this.limits = serverLimits.another();
        this.levels = List.of(serverLimits, limits);
        this.name = settings.name();
        this.settings = settings;
        this.server = server;
        this.loops = loops;
        this.loop = loops.next();
        this.memory = memory;
        this.random = random;
        this.events = new RemoteEvents(events, true, name);
        this.tunnelLines = new LogLimit(loop::nanoTime, TUNNELS_LOGGED);
        this.tunnels = new RemoteTunnels(server.port().onDuplicate());
        this.users = new UserDispatch(loop, tunnels, identities, this.events, heldRoom);
        this.quarrel = new Quarrel(name);
    }

    String name() {
        return name;
    }

    /** What comes ahead of each of its users. Any thread. */
    Preface preface() {
        return Preface.with(server.web());
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * What the remote is like now. Any thread.
     *
     * @param fronts where its hosts are
     * @param quotas what its quotas have come to
     */
    RemoteView view(Fronts fronts, List<QuotaView> quotas) {
        List<RemoteView.Tunnel> now = published;
        List<TunnelView> views =
                now.stream().map(tunnel -> tunnel.handle().view()).toList();
        List<PortView> portViews = Stream.of(
                        ports.stream().map(port -> port.view(views)),
                        hosted.stream().map(host -> view(host, fronts, views)),
                        granted.stream().map(port -> port.port().view(views).asGranted()),
                        grantedHosts.stream()
                                .map(host -> view(host.hosted(), fronts, views).asGranted()))
                .flatMap(all -> all)
                .toList();
        StreamCounts streams =
                StreamCounts.sumOf(portViews.stream().map(PortView::streams).toList());
        return new RemoteView(
                name,
                now,
                portViews,
                Stream.concat(
                                hosted.stream().map(host -> view(host, fronts, false)),
                                grantedHosts.stream().map(host -> view(host.hosted(), fronts, true)))
                        .toList(),
                streams,
                totals.counts(),
                Optional.ofNullable(lastRefusal),
                settings.template(),
                quotas);
    }

    private static PortView view(Hosted host, Fronts fronts, List<TunnelView> tunnels) {
        return host.route().view(fronts.trouble(host.settings()), tunnels).asHost();
    }

    private static HostView view(Hosted host, Fronts fronts, boolean isGranted) {
        return new HostView(
                host.settings().address(),
                fronts.urls(host.settings()),
                host.route().target(),
                isGranted);
    }

    /** When a token of its was proved last; empty if it was not since the start. Any thread. */
    Optional<Instant> lastProved(TokenVerifier token) {
        return Optional.ofNullable(lastProved.get(token));
    }

    /** A greeting with the name was refused. Any thread. */
    void refused(String peerAddress, String why) {
        lastRefusal = new LastRefusal(Instant.now(), peerAddress, why);
    }

    /** The tunnels that have streams, those among them that have ended but still deliver. Any thread. */
    List<TunnelHandle> handles() {
        return Stream.concat(published.stream().map(RemoteView.Tunnel::handle), publishedDelivering.stream())
                .toList();
    }

    /** On the loop, after every change. */
    private void publish() {
        published =
                tunnels.all().stream().flatMap(tunnel -> tunnel.view().stream()).toList();
        publishedDelivering = delivering.stream().map(Carrier::handle).toList();
        held = !tunnels.isEmpty() || !delivering.isEmpty();
        tellIfIdle();
    }

    /** Whether it is there because it has a tunnel or ports, and not because its name is configured. Any thread. */
    boolean isOfTemplate() {
        return settings.template().isPresent();
    }

    /** The entry that grants it ports: its own, or its template. Any thread. */
    String grantedBy() {
        return settings.template().orElse(name);
    }

    /** Whether nothing is left of one that is of a template. At the desk. */
    boolean isIdle() {
        return coming.get() == 0 && !held && granted.isEmpty() && grantedHosts.isEmpty();
    }

    /** Those that are exposed for it. Any thread. */
    List<ExposedPort> ports() {
        return Stream.concat(ports.stream(), granted.stream().map(GrantedPort::port))
                .toList();
    }

    /** Those of its settings, in their order. Any thread. */
    List<ExposedPort> configured() {
        return ports;
    }

    /** The hosts of its settings, in their order. Any thread. */
    List<Hosted> hosted() {
        return hosted;
    }

    /** The hosts of its settings, and behind them those that it has asked for. Any thread. */
    List<Hosted> allHosted() {
        return Stream.concat(hosted.stream(), grantedHosts.stream().map(GrantedHost::hosted))
                .toList();
    }

    /** The hosts that it has asked for. Any thread. */
    List<GrantedHost> grantedHosts() {
        return grantedHosts;
    }

    /** It gets a host that it has asked for; the gateways do not lead to it yet. At the desk. */
    GrantedHost grant(HostSettings host) {
        GrantedHost fresh = new GrantedHost(
                new Hosted(host, new Route(host.text(), name, host.route(), loop, access, levels)), loop);
        grantedHosts = Stream.concat(grantedHosts.stream(), Stream.of(fresh)).toList();
        return fresh;
    }

    /** Takes a host back that it has asked for; the gateways lead to it still, and streams stay. At the desk. */
    void takeBack(GrantedHost old) {
        grantedHosts = grantedHosts.stream().filter(host -> host != old).toList();
        requests.left(old.route());
    }

    /** The ports that it has asked for, in the order in which it got them. Any thread. */
    List<GrantedPort> granted() {
        return granted;
    }

    /** It has another port, which it has asked for. At the desk. */
    void grant(GrantedPort fresh) {
        granted = Stream.concat(granted.stream(), Stream.of(fresh)).toList();
    }

    /** Closes a port that it has asked for; streams stay. At the desk. */
    void takeBack(GrantedPort old) {
        granted = granted.stream().filter(port -> port != old).toList();
        old.port().close();
        requests.left(old.route());
    }

    /** Tells what happens to it. Any thread. */
    RemoteEvents events() {
        return events;
    }

    /** Who carries the users of its ports. */
    ExposedPort.Destination users() {
        return users;
    }

    /** What it was made of, or was changed to. Any thread. */
    RemoteSettings settings() {
        return settings;
    }

    /**
     * Has other settings from now on: if it is disabled, its tunnels are dismissed, otherwise those whose token is none of its any
     * more. Any thread.
     *
     * @param exposed the ports of these settings, in their order
     * @param forAll who may connect, where these settings say nothing
     */
    void change(RemoteSettings fresh, List<ExposedPort> exposed, Access forAll) {
        access = fresh.access().orElse(forAll);
        ports = List.copyOf(exposed);
        hosted = fresh.hosts().stream().map(host -> hosted(host, fresh.hosts())).toList();
        settings = fresh;
        lastProved.keySet().retainAll(fresh.tokens());
        loop.executeUnlessEnded(() -> {
            tunnels.all()
                    .forEach(tunnel ->
                            denied(tunnel.token()).ifPresent(why -> dismiss(tunnel, why.reason(), why.message())));
            if (!fresh.enabled()) {
                users.gone();
            }
        });
    }

    /** What leads where it did before keeps its route, and what was counted, which goes on also where it leads elsewhere. */
    private Hosted hosted(HostSettings host, List<HostSettings> all) {
        Optional<Hosted> same = hosted.stream()
                .filter(there -> there.settings().text().equals(host.text()))
                .findFirst()
                .or(() -> hosted.stream() // at other gateways
                        .filter(there -> there.settings().address().equals(host.address()))
                        .filter(there -> all.stream()
                                .noneMatch(other ->
                                        other.text().equals(there.settings().text())))
                        .findFirst());
        if (same.isPresent()
                && same.get()
                        .settings()
                        .withAccess(host.access())
                        .withLimits(host.limits())
                        .equals(host)) {
            return same.get().changed(host);
        }
        Access who = host.access().orElse(access);
        return same.map(there -> there.changed(host, there.route().replacedBy(host.text(), host.route(), loop, who)))
                .orElseGet(() -> new Hosted(host, new Route(host.text(), name, host.route(), loop, who, levels)));
    }

    /** Who may connect to what it asks for, and to what says nothing itself. Any thread. */
    Access access() {
        return access;
    }

    /**
     * Lets others in from now on, or fewer, and believes whom it is to believe about who users are. Streams of users who may not connect any more go on for some time, and are reset then if these users
     * still may not. Within a change of the remotes, or before it is known.
     *
     * @param forAll who may connect, where its settings say nothing
     * @param drain how long these streams may go on
     */
    void admit(Access forAll, Duration drain) {
        RemoteSettings now = settings;
        access = now.access().orElse(forAll);
        List<ExposedPort> exposed = ports;
        for (int i = 0; i < exposed.size(); i++) {
            admit(exposed.get(i).routes(), now.ports().get(i).access(), drain);
            exposed.get(i)
                    .readHeaders(now.ports().get(i).proxies(), server.users().headerTimeout());
        }
        hosted.forEach(host -> admit(host.routes(), host.settings().access(), drain));
        granted.forEach(port -> admit(port.routes(), Optional.empty(), drain));
        grantedHosts.forEach(host -> admit(host.routes(), Optional.empty(), drain));
    }

    /** The levels of limits that hold for all its users. Any thread. */
    List<LimitLevel> levels() {
        return levels;
    }

    /**
     * Holds its users to the limits of its settings from now on, those who are there, too. Within a change of the remotes, or before it is known.
     *
     * @param changedAbove whether the server's limits are others than before
     */
    void limit(boolean changedAbove) {
        RemoteSettings now = settings;
        boolean changed = limits.change(now.limits()) || changedAbove;
        List<ExposedPort> exposed = ports;
        for (int i = 0; i < exposed.size(); i++) {
            changed |= exposed.get(i).route().changeLimits(now.ports().get(i).limits());
        }
        for (Hosted host : hosted) {
            changed |= host.route().changeLimits(host.settings().limits());
        }
        if (changed) {
            handles().forEach(TunnelHandle::termsChanged);
        }
    }

    private void admit(Collection<Route> routes, Optional<Access> own, Duration drain) {
        Access who = own.orElse(access);
        for (Route route : routes) {
            if (route.changeAccess(who)) {
                endStreams(route, drain, user -> !isAdmitted(route, user));
            }
        }
    }

    /** Of a stream whose user is not known, nothing can be said. */
    private static boolean isAdmitted(Route route, Optional<String> user) {
        return user.flatMap(Sockets::numericHost).map(route::admits).orElse(true);
    }

    /**
     * Lets the streams of a route that is its no more end, then resets those that are left. Any thread.
     *
     * @param drain how long they may go on
     */
    void endStreams(Route route, Duration drain) {
        endStreams(route, drain, user -> true);
    }

    /** Resets the streams of a route, as a limit is reached. Any thread. */
    void cutStreams(Route route) {
        resetStreams(route, Reason.LIMIT, user -> true);
    }

    /** The same of some users. */
    private void endStreams(Route route, Duration drain, Predicate<Optional<String>> whose) {
        loop.executeUnlessEnded(() ->
                loop.timers().after(drain.toNanos(), () -> resetStreams(route, Reason.CLOSED_BY_ADMINISTRATOR, whose)));
    }

    /** A tunnel's loop that takes no task now is asked again. */
    private void resetStreams(Route route, Reason reason, Predicate<Optional<String>> whose) {
        CompletableFuture<?>[] all = handles().stream()
                .map(tunnel -> tunnel.closeStreams(reason, (where, user) -> route.counts(where) && whose.test(user)))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(all).whenComplete((nothing, failure) -> {
            if (failure != null) {
                loop.executeUnlessEnded(
                        () -> loop.timers().after(RESET_TIME.toNanos(), () -> resetStreams(route, reason, whose)));
            }
        });
    }

    /**
     * Is not there any more: its tunnels are dismissed. Its configured ports are closed by whoever has removed it. Within a change
     * of the remotes, or at the desk.
     */
    void remove() {
        granted.forEach(this::takeBack);
        List.copyOf(grantedHosts).forEach(this::takeBack);
        loop.executeUnlessEnded(() -> {
            leaving = Optional.of(new Reject(Reason.DENIED, false, REMOVED));
            tunnels.all().forEach(tunnel -> dismiss(tunnel, Reason.DENIED, REMOVED));
            users.gone();
        });
    }

    private void dismiss(RemoteTunnel tunnel, Reason reason, String why) {
        tunnel.carrier().ifPresent(carrier -> run(carrier.loop(), () -> carrier.dismiss(reason, why)));
    }

    /** Whether who proved that token, or none, may have the name. */
    private boolean isAllowed(Optional<TokenVerifier> token) {
        List<TokenVerifier> tokens = settings.tokens();
        return tokens.isEmpty() || tokens.contains(token.orElse(TokenVerifier.NONE));
    }

    /** Like {@link #admit}, from any thread; {@code false}: the loop is too busy. */
    boolean tryAdmit(Greeting greeting, Optional<AuthenticatedHello> hello) {
        coming.incrementAndGet();
        boolean taken = loop.tryExecute(() -> {
            try {
                admit(greeting, hello);
            } finally {
                arrived();
            }
        });
        if (!taken) {
            arrived();
        }
        return taken;
    }

    /** One that was on its way is there, or was refused. */
    private void arrived() {
        coming.decrementAndGet();
        tellIfIdle();
    }

    private void tellIfIdle() {
        if (!held && isOfTemplate()) {
            requests.idle(this);
        }
    }

    /** A remote has said the name, and proved it if it has to. On the loop. */
    private void admit(Greeting greeting, Optional<AuthenticatedHello> hello) {
        Opaque instance = hello.map(AuthenticatedHello::instance).orElseGet(() -> Opaque.id(random));
        int index = hello.map(AuthenticatedHello::tunnelIndex).orElse(0);
        Optional<TokenVerifier> token = hello.map(AuthenticatedHello::token);
        RemoteTunnel fresh = new RemoteTunnel(
                instance, index, hello.isPresent(), loops.behind(loop, index), greeting.peerAddress(), token);
        Optional<Reject> refusal = leaving.or(() -> denied(token))
                .or(() -> tunnels.keepOut(instance, index))
                .or(() -> waitInQuarrel(fresh));
        if (refusal.isPresent()) {
            String why = "remote " + name + ": " + refusal.get().message();
            Optional<Reject> answer = hello.isPresent() ? refusal : Optional.empty();
            run(greeting.loop(), () -> greeting.reject(answer, why));
            return;
        }
        token.filter(proved -> settings.tokens().contains(proved))
                .ifPresent(proved -> lastProved.put(proved, Instant.now()));
        List<RemoteTunnel> replaced = tunnels.add(fresh);
        replaced.forEach(old ->
                dismiss(old, Reason.REPLACED, "a newer tunnel from " + fresh.peerAddress() + " took the name over"));
        publish();
        run(
                greeting.loop(),
                () -> greeting.handOver(fresh.loop(), (transport, rest) -> startTunnel(fresh, transport, hello, rest)));
    }

    /** It is disabled, or the token was revoked after it was proved. */
    private Optional<Reject> denied(Optional<TokenVerifier> token) {
        if (!settings.enabled()) {
            return Optional.of(new Reject(Reason.DENIED, false, DISABLED));
        }
        return isAllowed(token) ? Optional.empty() : Optional.of(new Reject(Reason.DENIED, false, REVOKED));
    }

    /** A newcomer that would take the name from another instance has to wait where these quarrel. */
    private Optional<Reject> waitInQuarrel(RemoteTunnel fresh) {
        Optional<RemoteTunnel> holder = tunnels.rival(fresh);
        long now = loop.nanoTime();
        if (holder.isEmpty()) {
            if (tunnels.isEmpty()) {
                quarrel.found(now);
            }
            return Optional.empty();
        }
        Optional<Reject> refusal =
                quarrel.keepOut(fresh.contender(), holder.get().contender(), now);
        if (refusal.isEmpty()) {
            quarrel.taken(fresh.contender(), holder.get().contender(), now).ifPresent(this::warnOfQuarrel);
        }
        return refusal;
    }

    private void warnOfQuarrel(String text) {
        String line = "{}; each keeps it for {} now";
        events.logFields()
                .andReason(Reason.REPLACED.key())
                .log(() -> log.warn(line, text, Durations.text(Quarrel.HOLD)));
    }

    /** On the tunnel's loop. */
    private void startTunnel(
            RemoteTunnel fresh, Transport transport, Optional<AuthenticatedHello> hello, ByteBuffer rest) {
        int window = server.tunnel().limits().initialWindow();
        boolean exposes = hello.map(said -> said.has(Wire.FEATURE_EXPOSE)).orElse(false);
        boolean datagrams = hello.map(said -> said.has(Wire.FEATURE_DATAGRAMS)).orElse(false);
        boolean firstBytes =
                hello.map(said -> said.has(Wire.FEATURE_FIRST_BYTES)).orElse(false);
        TunnelTerms terms = hello.isPresent()
                ? TunnelTerms.extended(true, window)
                        .withExposes(exposes)
                        .withDatagrams(datagrams)
                        .withFirstBytes(firstBytes)
                : TunnelTerms.classic(true);
        Owner owner = new Owner(fresh);
        Tunnel tunnel = new Tunnel(fresh.loop(), transport, server.tunnel(), terms, memory, owner);
        owner.carrier = tunnel;
        hello.ifPresent(extended -> tunnel.sendGreeting(extended.welcome(
                Opaque.id(random),
                (exposes ? Wire.FEATURE_EXPOSE : 0)
                        | (datagrams ? Wire.FEATURE_DATAGRAMS : 0)
                        | (firstBytes ? Wire.FEATURE_FIRST_BYTES : 0),
                window,
                server.tunnel().heartbeatInterval().toMillis())));
        run(loop, () -> {
            if (tunnels.all().contains(fresh)) {
                fresh.setCarrier(tunnel);
                publish();
                tunnelUp(tunnel.handle().view());
                users.back();
                leaving.or(() -> denied(fresh.token())).ifPresent(why -> dismiss(fresh, why.reason(), why.message()));
            } else {
                run(tunnel.loop(), () -> tunnel.dismiss(Reason.REPLACED, "a newer tunnel took its place"));
            }
        });
        tunnel.start(rest);
    }

    private void tunnelUp(TunnelView tunnel) {
        events.tunnelUp(tunnel);
        if (!up) {
            up = true;
            events.remoteUp(tunnel.address());
        }
        String line = "remote {} is connected from {} ({}, {})";
        events.logFields()
                .log(() -> tunnelLines.log(
                        log, Level.INFO, line, name, tunnel.address(), tunnel.dialect(), tunnel.security()));
    }

    /** A remote whose tunnel is replaced is not down meanwhile. */
    private void tunnelDown(TunnelView tunnel, boolean wasUp, Reason reason, String detail) {
        if (wasUp) {
            events.tunnelDown(tunnel, reason, detail);
        }
        if (up && tunnels.isEmpty()) {
            up = false;
            events.remoteDown(tunnel.address(), reason);
        }
        String line = "remote {} at {} is disconnected: {}: {}";
        events.logFields()
                .andReason(reason.key())
                .log(() -> tunnelLines.log(log, Level.INFO, line, name, tunnel.address(), reason.text(), detail));
    }

    /** Stops listening, then lets the streams end. Any thread. */
    CompletableFuture<Void> stop(Duration grace) {
        ports().forEach(ExposedPort::close);
        boolean running = loop.executeUnlessEnded(() -> {
            leaving = Optional.of(new Reject(Reason.GOING_AWAY, true, SHUTTING_DOWN));
            loop.timers().after(grace.plus(RESET_TIME).toNanos(), () -> stopped.complete(null));
            completeIfStopped();
            users.gone();
            tunnels.all()
                    .forEach(tunnel ->
                            tunnel.carrier().ifPresent(carrier -> run(carrier.loop(), () -> carrier.drain(grace))));
        });
        if (!running) {
            stopped.complete(null);
        }
        return stopped;
    }

    private void completeIfStopped() {
        if (leaving.isPresent() && tunnels.isEmpty() && delivering.isEmpty()) {
            stopped.complete(null);
        }
    }

    /** Runs a task on a loop: at once if that is the caller's. */
    private static void run(EventLoop target, Runnable task) {
        if (target.inLoop()) {
            task.run();
        } else {
            target.executeUnlessEnded(task);
        }
    }

    /** Hears of one tunnel, on that tunnel's loop. */
    private final class Owner implements TunnelOwner {
        private final RemoteTunnel tunnel;
        private @Nullable Carrier carrier; // from the start on
        private int unanswered;

        Owner(RemoteTunnel tunnel) {
            this.tunnel = tunnel;
        }

        @Override
        public void open(TunnelStreams streams, Open open) throws ProtocolException {
            throw new ProtocolException("opening a stream, which is the proxy server's to do");
        }

        @Override
        public void expose(ExposeInstruction instruction) throws ProtocolException {
            Carrier here = carrier;
            if (!(instruction instanceof Expose wish) || here == null) {
                throw new IllegalStateException("the tunnel lets only Expose pass");
            }
            if (++unanswered > Wire.MAX_UNANSWERED_EXPOSES) {
                throw new ProtocolException(
                        "more than " + Wire.MAX_UNANSWERED_EXPOSES + " ports asked for without waiting for an answer");
            }
            tunnel.setAsked();
            requests.ask(
                    Remote.this,
                    new Asker(tunnel, here, wish.number()),
                    wish,
                    answer -> here.loop().executeUnlessEnded(() -> {
                        unanswered--;
                        here.send(answer);
                    }));
        }

        @Override
        public TunnelTotals totals() {
            return totals;
        }

        @Override
        public RemoteEvents events() {
            return events;
        }

        @Override
        public void streamsOver(Carrier ended) {
            run(loop, () -> {
                delivering.remove(ended);
                publish();
                completeIfStopped();
            });
        }

        @Override
        public void closed(Carrier ended, Reason reason, String detail) {
            run(loop, () -> {
                tunnels.remove(tunnel);
                tunnelDown(ended.handle().view(), tunnel.carrier().isPresent(), reason, detail);
                if (ended.load() > 0) {
                    delivering.add(ended);
                }
                publish();
                completeIfStopped();
            });
            if (tunnel.hasAsked()) {
                requests.ended(Remote.this, tunnel);
            }
        }
    }
}
