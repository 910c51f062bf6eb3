package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Reason;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.HostView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.Preface;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.UserConnection;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A remote name as the proxy server knows it: what is exposed for it, who may use that and how much of it, and the tunnels that carry it
 * ({@link TunnelLifecycle}). The ports and the first tunnel live on one loop, so that with one tunnel a user's connection never changes
 * threads. Further tunnels have other loops, and so may a port that another remote had before.
 */
final class Remote {
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
    private final EventLoop loop;
    private final RemoteEvents events;
    private final UserDispatch users;
    private final TunnelAdmission admission;
    private final TunnelLifecycle tunnels;
    private final StreamResets resets;
    private final Requests requests;
    private final List<LimitLevel> levels; // the server's, and its own
    private final LimitLevel limits;
    private volatile RemoteSettings settings; // changes within a change of the remotes
    private volatile Access access = Access.ALL; // for what says nothing itself
    private volatile List<ExposedPort> ports = List.of();
    private volatile List<Hosted> hosted = List.of();
    private volatile List<GrantedPort> granted = List.of(); // changes at the desk
    private volatile List<GrantedHost> grantedHosts = List.of(); // changes at the desk

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
        this.loop = loops.next();
        this.events = new RemoteEvents(events, true, name);
        RemoteTunnels all = new RemoteTunnels(server.port().onDuplicate());
        this.users = new UserDispatch(loop, all, identities, this.events, heldRoom);
        this.admission = new TunnelAdmission(name, this::settings, all, loop, this.events);
        this.tunnels = new TunnelLifecycle(
                name, server, loops, loop, memory, random, this.events, all, admission, users, new ForTunnels());
        this.resets = new StreamResets(loop, tunnels::handles);
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
        List<RemoteView.Tunnel> now = tunnels.up();
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
                tunnels.counts(),
                admission.lastRefusal(),
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

    /** Who may have its name. Any thread. */
    TunnelAdmission admission() {
        return admission;
    }

    /** Its tunnels. Any thread. */
    TunnelLifecycle tunnels() {
        return tunnels;
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
        return tunnels.isIdle() && granted.isEmpty() && grantedHosts.isEmpty();
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
        left(old);
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
        left(old);
    }

    private void left(Granted old) {
        requests.left(old.route());
        old.routes().forEach(Route::end);
        recheckWaiting();
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
        tunnels.changed(fresh);
        recheckWaiting();
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
                    .readHeaders(
                            now.ports().get(i).proxies(),
                            server.users().headerTimeout(),
                            server.web().limits().maxPending());
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
            tunnels.handles().forEach(TunnelHandle::termsChanged);
        }
    }

    private void admit(Collection<Route> routes, Optional<Access> own, Duration drain) {
        Access who = own.orElse(access);
        for (Route route : routes) {
            if (route.changeAccess(who)) {
                recheckWaiting();
                resets.after(drain, route, user -> !isAdmitted(route, user));
            }
        }
    }

    /** Of a stream whose user is not known, nothing can be said. */
    private static boolean isAdmitted(Route route, Optional<String> user) {
        return user.flatMap(UserConnection::addressIn).map(route::admits).orElse(true);
    }

    /**
     * Lets the streams of a route that is its no more end, then resets those that are left. Users who wait are refused at once. Any
     * thread.
     *
     * @param drain how long they may go on
     */
    void endStreams(Route route, Duration drain) {
        route.end();
        recheckWaiting();
        resets.after(drain, route, user -> true);
    }

    /** Refuses users who wait for it and would not be let in now, or would be led elsewhere. Any thread. */
    void recheckWaiting() {
        users.recheckWaiting();
    }

    /** Resets the streams of a route, as a limit is reached. Any thread. */
    void cutStreams(Route route) {
        resets.now(route, Reason.LIMIT);
    }

    /**
     * Is not there any more: its tunnels are dismissed. Its configured ports are closed by whoever has removed it. Within a change
     * of the remotes, or at the desk.
     */
    void remove() {
        granted.forEach(this::takeBack);
        List.copyOf(grantedHosts).forEach(this::takeBack);
        tunnels.remove();
    }

    /** Stops listening, then lets the streams end. Any thread. */
    CompletableFuture<Void> stop(Duration grace) {
        ports().forEach(ExposedPort::close);
        return tunnels.stop(grace);
    }

    private final class ForTunnels implements TunnelLifecycle.Owner {
        @Override
        public void ask(Asker asker, Expose wish, Consumer<ExposeInstruction> answer) {
            requests.ask(Remote.this, asker, wish, answer);
        }

        @Override
        public void ended(RemoteTunnel tunnel) {
            requests.ended(Remote.this, tunnel);
        }

        @Override
        public void idle() {
            if (isOfTemplate()) {
                requests.idle(Remote.this);
            }
        }
    }
}
