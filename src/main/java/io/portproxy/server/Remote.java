package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.Destination;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.user.Preface;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A remote name in the proxy server: its settings, its ports and hosts ({@link PortsAndHosts}), and its tunnels
 * ({@link TunnelLifecycle}). The ports and the first tunnel live on one loop. With one tunnel, a user's connection
 * therefore never changes threads. Further tunnels have other loops. A port that another remote had before may also
 * have another loop.
 */
final class Remote {
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
    private final PortsAndHosts exposed;
    private final Requests requests;
    private volatile RemoteSettings settings; // changes only within a change of the remotes

    Remote(RemoteSettings settings, ServerContext context, Requests requests) {
        this.requests = requests;
        this.name = settings.name();
        this.settings = settings;
        this.server = context.settings();
        this.loop = context.loops().next();
        this.events = new RemoteEvents(context.events(), true, name);
        RemoteTunnels all = new RemoteTunnels(server.port().onDuplicate());
        this.users = new UserDispatch(loop, all, context.identities(), events, context.held());
        this.admission = new TunnelAdmission(name, this::settings, all, loop, events);
        this.tunnels = new TunnelLifecycle(name, context, loop, events, all, admission, users, new ForTunnels());
        this.exposed = new PortsAndHosts(name, server, loop, context.userLimits(), users, tunnels, requests::left);
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
    RemoteView view(PortsAndHosts.Fronts fronts, List<QuotaView> quotas) {
        List<RemoteView.Tunnel> now = tunnels.up();
        List<TunnelView> views =
                now.stream().map(tunnel -> tunnel.handle().view()).toList();
        List<PortView> portViews = exposed.portViews(fronts, views);
        StreamCounts streams =
                StreamCounts.sumOf(portViews.stream().map(PortView::streams).toList());
        return new RemoteView(
                name,
                now,
                portViews,
                exposed.hostViews(fronts),
                streams,
                tunnels.counts(),
                admission.lastRefusal(),
                settings.template(),
                quotas);
    }

    /** Its ports and hosts. Any thread. */
    PortsAndHosts exposed() {
        return exposed;
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
        return tunnels.isIdle() && exposed.isNothingGranted();
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
     * @param ports the ports of these settings, in their order
     * @param forAll who may connect, if these settings have no access list
     */
    void change(RemoteSettings fresh, List<ExposedPort> ports, Access forAll) {
        exposed.change(fresh, ports, forAll);
        settings = fresh;
        tunnels.changed(fresh);
        recheckWaiting();
    }

    /**
     * Applies the access lists and the trusted proxies of the current settings, as {@link PortsAndHosts#admit} says.
     *
     * @param forAll who may connect, if the settings have no access list
     * @param drain how long streams of users who may no longer connect may continue
     */
    void admit(Access forAll, Duration drain) {
        exposed.admit(settings, forAll, drain);
    }

    /**
     * Applies the limits of the current settings, as {@link PortsAndHosts#limit} says.
     *
     * @param changedAbove whether the server's limits have changed
     */
    void limit(boolean changedAbove) {
        exposed.limit(settings, changedAbove);
    }

    /**
     * Refuses users who wait for the remote, if they may no longer connect or would now reach another target. Any
     * thread.
     */
    void recheckWaiting() {
        users.recheckWaiting();
    }

    /**
     * Removes the remote: takes back its granted ports and hosts, and dismisses its tunnels. The caller closes its
     * configured ports. Within a change of the remotes, or on the thread of {@link GrantThread}.
     */
    void remove() {
        exposed.takeBackAll();
        tunnels.remove();
    }

    /** Stops listening, then lets the streams end. Any thread. */
    CompletableFuture<Void> stop(Duration grace) {
        exposed.close();
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
