package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.exposed.gateway.HostView;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The ports and hosts of a remote: those of its settings, and those that it has asked for and got (granted). It decides
 * who may connect to them, and applies their limits.
 */
final class PortsAndHosts {
    /** The gateways at which users reach hosts. Any thread. */
    interface Fronts {
        /** Returns why users cannot reach a host; empty if they can. */
        Optional<String> trouble(HostSettings host);

        /** Returns the URLs that users write for a host. */
        List<String> urls(HostSettings host);
    }

    private final String name;
    private final ServerSettings server;
    private final EventLoop loop;
    private final UserDispatch users;
    private final TunnelLifecycle tunnels;
    private final StreamResets resets;
    private final Consumer<Route> left;
    private final List<LimitLevel> levels; // the server's, and the remote's own
    private final LimitLevel limits;
    private volatile Access access = Access.ALL; // for ports and hosts without an access list
    private volatile List<ExposedPort> ports = List.of();
    private volatile List<Hosted> hosted = List.of();
    private volatile List<GrantedPort> granted = List.of(); // changes on the thread of GrantThread
    private volatile List<GrantedHost> grantedHosts = List.of(); // changes on the thread of GrantThread

    /**
     * @param name the remote's name
     * @param loop the remote's loop
     * @param serverLimits the limits for all users of the server
     * @param users the users of the ports and hosts
     * @param tunnels the tunnels that carry their streams
     * @param left gets the route of each granted port or host that is taken back
     */
    PortsAndHosts(
            String name,
            ServerSettings server,
            EventLoop loop,
            LimitLevel serverLimits,
            UserDispatch users,
            TunnelLifecycle tunnels,
            Consumer<Route> left) {
        this.name = name;
        this.server = server;
        this.loop = loop;
        this.users = users;
        this.tunnels = tunnels;
        this.resets = new StreamResets(loop, tunnels::handles);
        this.left = left;
        this.limits = serverLimits.another();
        this.levels = List.of(serverLimits, limits);
    }

    /**
     * The ports and hosts, each as a port. Any thread.
     *
     * @param fronts where users reach the hosts
     * @param views the tunnels that are up
     */
    List<PortView> portViews(Fronts fronts, List<TunnelView> views) {
        return Stream.of(
                        ports.stream().map(port -> port.view(views)),
                        hosted.stream().map(host -> view(host, fronts, views)),
                        granted.stream().map(port -> port.port().view(views).asGranted()),
                        grantedHosts.stream()
                                .map(host -> view(host.hosted(), fronts, views).asGranted()))
                .flatMap(all -> all)
                .toList();
    }

    /** The hosts. Any thread. */
    List<HostView> hostViews(Fronts fronts) {
        return Stream.concat(
                        hosted.stream().map(host -> view(host, fronts, false)),
                        grantedHosts.stream().map(host -> view(host.hosted(), fronts, true)))
                .toList();
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

    /** Whether no port and no host is granted. On the thread of {@link GrantThread}. */
    boolean isNothingGranted() {
        return granted.isEmpty() && grantedHosts.isEmpty();
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
        left.accept(old.route());
        old.routes().forEach(Route::end);
        users.recheckWaiting();
    }

    /**
     * Changes the ports and hosts to those of new settings. Within a change of the remotes.
     *
     * @param exposed the ports of these settings, in their order
     * @param forAll who may connect, if these settings have no access list
     */
    void change(RemoteSettings fresh, List<ExposedPort> exposed, Access forAll) {
        access = fresh.access().orElse(forAll);
        ports = List.copyOf(exposed);
        hosted = fresh.hosts().stream().map(host -> hosted(host, fresh.hosts())).toList();
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
     * Applies the access lists and the trusted proxies of the settings. Streams of users who may no longer
     * connect continue for the drain time; then they are reset, if these users still may not connect. Within a change
     * of the remotes, or before other threads know the remote.
     *
     * @param now the settings of the remote
     * @param forAll who may connect, if the settings have no access list
     * @param drain how long these streams may continue
     */
    void admit(RemoteSettings now, Access forAll, Duration drain) {
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
     * Applies the limits of the settings, also to open connections. Within a change of the remotes, or before
     * other threads know the remote.
     *
     * @param now the settings of the remote
     * @param changedAbove whether the server's limits have changed
     */
    void limit(RemoteSettings now, boolean changedAbove) {
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
                users.recheckWaiting();
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
        users.recheckWaiting();
        resets.after(drain, route, user -> true);
    }

    /** Resets the streams of a route because a limit is reached. Any thread. */
    void cutStreams(Route route) {
        resets.now(route, Reason.LIMIT);
    }

    /** Takes back all granted ports and hosts. Within a change of the remotes, or on the thread of {@link GrantThread}. */
    void takeBackAll() {
        granted.forEach(this::takeBack);
        List.copyOf(grantedHosts).forEach(this::takeBack);
    }

    /** Stops listening at all ports; streams continue. Any thread. */
    void close() {
        ports().forEach(ExposedPort::close);
    }
}
