package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Reason;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.Destination;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.exposed.gateway.HostView;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.Preface;
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
 * A remote name in the proxy server: its ports and hosts, its access lists and limits, and its tunnels
 * ({@link TunnelLifecycle}). The ports and the first tunnel live on one loop. With one tunnel, a user's connection
 * therefore never changes threads. Further tunnels have other loops. A port that another remote had before may also
 * have another loop.
 */
final class Remote {
    /** The gateways at which users reach hosts. Any thread. */
    interface Fronts {
        /** Returns why users cannot reach a host; empty if they can. */
        Optional<String> trouble(HostSettings host);

        /** Returns the URLs that users write for a host. */
        List<String> urls(HostSettings host);
    }

    /** The receiver of what the remote asks for, and of what happens to it. */
    interface Requests {
        /**
         * The remote asks for a port or host.
         *
         * @param answer gets the answer, on any thread
         */
        void ask(Remote remote, Asker asker, Expose wish, Consumer<ExposeInstruction> answer);

        /** A tunnel has ended in which the remote had asked for ports or hosts. */
        void ended(Remote remote, RemoteTunnel tunnel);

        /** The remote has lost a port or host that it had asked for. */
        void left(Route route);

        /** The remote belongs to a template, and has lost its last tunnel. */
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
    private final List<LimitLevel> levels; // the server's, and the remote's own
    private final LimitLevel limits;
    private volatile RemoteSettings settings; // changes only within a change of the remotes
    private volatile Access access = Access.ALL; // for ports and hosts without an access list
    private volatile List<ExposedPort> ports = List.of();
    private volatile List<Hosted> hosted = List.of();
    private volatile List<GrantedPort> granted = List.of(); // changes on the thread of GrantThread
    private volatile List<GrantedHost> grantedHosts = List.of(); // changes on the thread of GrantThread

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

    /** The preface that each connection to its ports begins with. Any thread. */
    Preface preface() {
        return Preface.with(server.web());
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * Returns the current state of the remote. Any thread.
     *
     * @param fronts where users reach its hosts
     * @param quotas the current use of its quotas
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

    /** Decides which tunnels may have the name. Any thread. */
    TunnelAdmission admission() {
        return admission;
    }

    /** Its tunnels. Any thread. */
    TunnelLifecycle tunnels() {
        return tunnels;
    }

    /**
     * Whether the remote belongs to a template. Such a remote exists only while it has a tunnel, port or host. Any
     * thread.
     */
    boolean isOfTemplate() {
        return settings.template().isPresent();
    }

    /** The name of the entry with its grant: its own name, or that of its template. Any thread. */
    String grantedBy() {
        return settings.template().orElse(name);
    }

    /** Whether the remote has no tunnel, no granted port and no granted host. On the thread of {@link GrantThread}. */
    boolean isIdle() {
        return tunnels.isIdle() && granted.isEmpty() && grantedHosts.isEmpty();
    }

    /** All ports: first those of its settings, then the granted ones. Any thread. */
    List<ExposedPort> ports() {
        return Stream.concat(ports.stream(), granted.stream().map(GrantedPort::port))
                .toList();
    }

    /** The ports of its settings, in their order. Any thread. */
    List<ExposedPort> configured() {
        return ports;
    }

    /** The hosts of its settings, in their order. Any thread. */
    List<Hosted> hosted() {
        return hosted;
    }

    /** All hosts: first those of its settings, then the granted ones. Any thread. */
    List<Hosted> allHosted() {
        return Stream.concat(hosted.stream(), grantedHosts.stream().map(GrantedHost::hosted))
                .toList();
    }

    /** The hosts that it has asked for. Any thread. */
    List<GrantedHost> grantedHosts() {
        return grantedHosts;
    }

    /** Adds a host that the remote has asked for. The gateways do not lead to it yet. On the thread of {@link GrantThread}. */
    GrantedHost grant(HostSettings host) {
        GrantedHost fresh = new GrantedHost(
                new Hosted(host, new Route(host.text(), name, host.route(), loop, access, levels)), loop);
        grantedHosts = Stream.concat(grantedHosts.stream(), Stream.of(fresh)).toList();
        return fresh;
    }

    /** Removes a granted host. The gateways still lead to it, and its streams continue. On the thread of {@link GrantThread}. */
    void takeBack(GrantedHost old) {
        grantedHosts = grantedHosts.stream().filter(host -> host != old).toList();
        left(old);
    }

    /** The ports that the remote has asked for, in the order in which it got them. Any thread. */
    List<GrantedPort> granted() {
        return granted;
    }

    /** Adds a port that the remote has asked for. On the thread of {@link GrantThread}. */
    void grant(GrantedPort fresh) {
        granted = Stream.concat(granted.stream(), Stream.of(fresh)).toList();
    }

    /** Removes and closes a granted port. Its streams continue. On the thread of {@link GrantThread}. */
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

    /** Publishes the events of the remote. Any thread. */
    RemoteEvents events() {
        return events;
    }

    /** Carries the users of its ports and hosts. */
    Destination users() {
        return users;
    }

    /** The current settings. Any thread. */
    RemoteSettings settings() {
        return settings;
    }

    /**
     * Changes the settings. If the remote is disabled now, the server dismisses all its tunnels; otherwise it dismisses
     * the tunnels whose token is no longer valid. Any thread.
     *
     * @param exposed the ports of these settings, in their order
     * @param forAll who may connect, if these settings have no access list
     */
    void change(RemoteSettings fresh, List<ExposedPort> exposed, Access forAll) {
        access = fresh.access().orElse(forAll);
        ports = List.copyOf(exposed);
        hosted = fresh.hosts().stream().map(host -> hosted(host, fresh.hosts())).toList();
        settings = fresh;
        tunnels.changed(fresh);
        recheckWaiting();
    }

    /**
     * A host that differs only in its access list and limits keeps its route. A host with other changes gets a new
     * route, which continues the counts.
     */
    private Hosted hosted(HostSettings host, List<HostSettings> all) {
        Optional<Hosted> same = hosted.stream()
                .filter(there -> there.settings().text().equals(host.text()))
                .findFirst()
                .or(() -> hosted.stream() // or at other gateways
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

    /** Who may connect to granted ports and hosts, and to those of the settings without an access list. Any thread. */
    Access access() {
        return access;
    }

    /**
     * Applies the access lists and the trusted proxies of the current settings. Streams of users who may no longer
     * connect continue for the drain time; then they are reset, if these users still may not connect. Within a change
     * of the remotes, or before other threads know the remote.
     *
     * @param forAll who may connect, if the settings have no access list
     * @param drain how long these streams may continue
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

    /** The levels of limits that apply to all its users: the server's, then its own. Any thread. */
    List<LimitLevel> levels() {
        return levels;
    }

    /**
     * Applies the limits of the current settings, also to open connections. Within a change of the remotes, or before
     * other threads know the remote.
     *
     * @param changedAbove whether the server's limits have changed
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

    /** A stream whose user's address is not known counts as admitted. */
    private static boolean isAdmitted(Route route, Optional<String> user) {
        return user.flatMap(IncomingConnection::addressIn).map(route::admits).orElse(true);
    }

    /**
     * Lets the streams of a removed route end, and resets those that are left after the drain time. Users who wait are
     * refused at once. Any thread.
     *
     * @param drain how long the streams may continue
     */
    void endStreams(Route route, Duration drain) {
        route.end();
        recheckWaiting();
        resets.after(drain, route, user -> true);
    }

    /**
     * Refuses users who wait for the remote, if they may no longer connect or would now reach another target. Any
     * thread.
     */
    void recheckWaiting() {
        users.recheckWaiting();
    }

    /** Resets the streams of a route because a limit is reached. Any thread. */
    void cutStreams(Route route) {
        resets.now(route, Reason.LIMIT);
    }

    /**
     * Removes the remote: takes back its granted ports and hosts, and dismisses its tunnels. The caller closes its
     * configured ports. Within a change of the remotes, or on the thread of {@link GrantThread}.
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
