package io.portproxy.server.exposed.gateway;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HostTable;
import io.portproxy.http.RefusedException;
import io.portproxy.http.RequestView;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import io.portproxy.net.PendingConnections;
import io.portproxy.server.exposed.Forwarding;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.user.FirstRequest;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.Rerouting;
import io.portproxy.server.exposed.user.UserAnswer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The dispatcher of a gateway. It reads each user's request, and gives the user to the remote that has the requested
 * host and path. It looks at each request of a connection. When a later request is for another remote or target, the
 * connection goes there after the earlier requests have been answered. On the gateway's loop, unless a method says
 * otherwise.
 */
final class GatewayDispatch implements TlsTermination.Owner {
    /** The answer when a host or a path leads nowhere. */
    private static final UserAnswer NOT_FOUND = new UserAnswer(404, "There is nothing at this address.");

    /** The answer when the certificate of the connection is not for the requested host. RFC 9110, section 15.5.20. */
    private static final UserAnswer MISDIRECTED =
            new UserAnswer(421, "The certificate of this connection is not for this host. Connect again.");

    private final EventLoop loop;
    private final Supplier<GatewaySettings> settings;
    private final Consumer<IncomingConnection> tunnels;
    private final PendingConnections pending;
    private final GatewayRefusals refusals;
    private volatile HostTable<Forwarding> hosts = new HostTable<>(List.of());
    private volatile GatewayAccess access = GatewayAccess.OPEN;

    /**
     * @param loop the gateway's loop
     * @param settings returns the current settings of the gateway
     * @param tunnels takes connections of remotes that come through the gateway
     * @param pending the users who have not yet sent what they want
     */
    GatewayDispatch(
            EventLoop loop,
            Supplier<GatewaySettings> settings,
            Consumer<IncomingConnection> tunnels,
            PendingConnections pending,
            GatewayRefusals refusals) {
        this.loop = loop;
        this.settings = settings;
        this.tunnels = tunnels;
        this.pending = pending;
        this.refusals = refusals;
    }

    /** Sets the hosts, and who may connect. Any thread. */
    void lead(HostTable<Forwarding> others, GatewayAccess toThem) {
        access = toThem;
        hosts = others;
    }

    /** The current hosts. Any thread. */
    HostTable<Forwarding> hosts() {
        return hosts;
    }

    /** Who may connect before the host is known. Any thread. */
    GatewayAccess access() {
        return access;
    }

    @Override
    public void late(IncomingConnection user) {
        refusals.late(user);
    }

    @Override
    public Optional<Consumer<IncomingConnection>> passthrough(String name) {
        if (settings.get().tunnel().filter(name::equals).isPresent()) {
            return Optional.empty(); // also if a host with an asterisk covers the name
        }
        return hosts.findHost(name)
                .filter(host -> host.route().http().isEmpty())
                .map(host -> user -> pass(user.askingFor(name), host));
    }

    /** Forwards a user whose TLS passes unchanged. */
    private void pass(IncomingConnection user, Forwarding host) {
        if (host.route().admits(user.address().getAddress())) {
            host.accept(user);
        } else {
            host.route().refusals().denied(user);
        }
    }

    @Override
    public void tlsEnded(IncomingConnection user, Optional<String> name) {
        read(user, name.isPresent() && name.equals(settings.get().tunnel()));
    }

    /**
     * Reads what a user wants. On the loop.
     *
     * @param mayBeTunnel whether the user may also be a remote
     */
    void read(IncomingConnection user, boolean mayBeTunnel) {
        GatewaySettings.Requests may = settings.get().requests();
        FirstRequest.read(user, may.maxHead(), may.timeout(), pending, new Asked(user, mayBeTunnel));
    }

    /**
     * Takes a user's connection back from a tunnel, because its next request is for another route. On the loop that has
     * the connection.
     */
    private void elsewhere(IncomingConnection user) {
        user.continueOn(loop, moved -> read(moved, false), IncomingConnection::reset);
    }

    /** Whether a request may stay on a route. On any loop. */
    private boolean leadsTo(IncomingConnection user, Route route, RequestView request) throws RefusedException {
        return user.isFor(request.hostName())
                && route.admits(user.address().getAddress())
                && hosts.find(request.hostName(), request.target())
                        .filter(host -> host.route() == route)
                        .isPresent();
    }

    private void dispatch(IncomingConnection known, FirstHead head) {
        IncomingConnection user = known.askingFor(head.host());
        if (head.isConnect()) {
            new UserAnswer(501, "CONNECT is not supported here.").send(user, head);
            return;
        }
        Optional<String> proof = access.admits(user) ? challenge(head) : Optional.empty();
        if (proof.isPresent()) {
            UserAnswer.sendText(user, proof.get());
            return;
        }
        if (!user.isFor(head.host())) {
            MISDIRECTED.send(user, head);
            return;
        }
        Optional<Forwarding> host;
        try {
            host = hosts.find(head.host(), head.target());
        } catch (RefusedException e) {
            UserAnswer.of(e).send(user, head);
            return;
        }
        if (host.isPresent() && !host.get().route().admits(user.address().getAddress())) {
            host.get().route().refusals().denied(user, head);
        } else if (host.isEmpty() && !access.admits(user)) {
            refusals.deniedHost(user);
            UserAnswer.forbidden().send(user, head);
        } else if (host.isEmpty()) {
            refusals.unknown().increment();
            NOT_FOUND.send(user, head);
        } else if (settings.get().redirectPort().isPresent()) {
            redirect(user, head, settings.get().redirectPort().get());
        } else {
            host.get()
                    .route()
                    .http()
                    .ifPresentOrElse(
                            users -> users.admit(user, head, may -> carry(user, host.get(), may)),
                            () -> noTlsHere(user, head));
        }
    }

    private Optional<String> challenge(FirstHead head) {
        return settings.get().certificates().isPresent()
                ? Optional.empty()
                : settings.get().challenges().answerTo(head.pathAndQuery());
    }

    /**
     * Answers a request without TLS, or inside TLS that ends here, for a host whose target has the certificate: only
     * TLS that passes unchanged leads there.
     */
    private void noTlsHere(IncomingConnection user, FirstHead head) {
        if (user.secure()) {
            MISDIRECTED.send(user, head);
        } else {
            refusals.unknown().increment();
            NOT_FOUND.send(user, head);
        }
    }

    private void carry(IncomingConnection user, Forwarding host, RouteMatch may) {
        Rerouting rerouting = new Rerouting(
                request -> leadsTo(user, host.route(), request) && may.matches(request),
                (loop, unread) -> elsewhere(user.on(loop).after(unread)),
                settings.get().requests().timeout());
        host.accept(user.with(rerouting));
    }

    /**
     * Redirects the user to https. The host is one of this server's hosts, so nobody can use the redirect to send users
     * elsewhere. RFC 9110, section 15.4.9.
     */
    private static void redirect(IncomingConnection user, FirstHead head, int port) {
        String to = "https://" + head.host() + (port == 443 ? "" : ":" + port) + head.pathAndQuery();
        new UserAnswer(308, "Use https.", "Location: " + to + "\r\n").send(user, head);
    }

    /** What becomes of the first request of a user. */
    private final class Asked implements FirstRequest.Owner {
        private final IncomingConnection user;
        private final boolean mayBeTunnel;

        Asked(IncomingConnection user, boolean mayBeTunnel) {
            this.user = user;
            this.mayBeTunnel = mayBeTunnel;
        }

        @Override
        public void complete(IncomingConnection known, FirstHead head) {
            dispatch(known, head);
        }

        @Override
        public Optional<Consumer<IncomingConnection>> tunnels() {
            return mayBeTunnel ? Optional.of(this::take) : Optional.empty();
        }

        private void take(IncomingConnection remote) {
            if (access.admits(remote)) {
                tunnels.accept(remote);
            } else {
                refusals.denied(remote);
                remote.reset();
            }
        }

        @Override
        public void late() {
            refusals.late(user);
        }
    }
}
