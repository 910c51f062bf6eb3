package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.AddressSet;
import io.portproxy.net.BoundSocket;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.LogFields;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.Sockets;
import io.portproxy.net.UnixListener;
import io.portproxy.server.exposed.user.FirstRequests;
import io.portproxy.server.exposed.user.HeaderPreface;
import io.portproxy.server.exposed.user.HttpUsers;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.Preface;
import io.portproxy.server.exposed.user.Rerouting;
import io.portproxy.server.exposed.user.WebLimits;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address that users connect to. It leads to a target by its route, which may change while the port listens. On the
 * loop that it was bound with, unless a method says otherwise.
 */
public final class ExposedPort {
    private static final Logger log = LoggerFactory.getLogger(ExposedPort.class);

    private final List<BoundSocket> sockets; // one for each port of a range
    private final boolean udp;
    private final PortAddress address;
    private final String bound;
    private final Preface preface;
    private final PendingConnections pending; // without a complete header or first request
    private final FirstRequests requests;
    private volatile @Nullable Forwarding forwarding; // null until lead() is called
    private volatile Preface header = Preface.NONE;
    private volatile AddressSet proxies = AddressSet.NONE;
    private volatile List<Route> former = List.of(); // earlier routes to the same remote that still have streams

    private ExposedPort(PortAddress wanted, boolean datagrams, EventLoop loop, Preface preface) throws ListenException {
        this.preface = preface;
        this.udp = datagrams;
        this.sockets = open(wanted, loop);
        this.address = wanted instanceof PortAddress.Ports ports
                ? new PortAddress.Ports((InetSocketAddress) sockets.get(0).address(), ports.count())
                : wanted;
        this.bound = address.text() + (datagrams ? "-udp" : "");
        this.pending = new PendingConnections(
                WebLimits.DEFAULT.maxPending(), any -> route().refusals().count("crowded_out"));
        this.requests = new FirstRequests(
                loop,
                pending,
                this::asked,
                (user, head, answer) -> route().refusals().answer(user, head, answer),
                why -> route().refusals().count(why));
    }

    /** Opens all ports. If one fails, those that are open are closed. */
    private List<BoundSocket> open(PortAddress wanted, EventLoop loop) throws ListenException {
        if (wanted instanceof PortAddress.Socket socket) {
            return List.of(UnixListener.bind(socket.bind(), loop, this::accepted));
        }
        List<BoundSocket> opened = new ArrayList<>();
        try {
            for (InetSocketAddress each : ((PortAddress.Ports) wanted).all()) {
                opened.add(
                        udp
                                ? UdpListener.bind(each, loop, this::route, this::began)
                                : Listener.bind(each, loop, this::accepted));
            }
        } catch (ListenException | RuntimeException | Error e) {
            opened.forEach(BoundSocket::close);
            throw e;
        }
        return List.copyOf(opened);
    }

    /**
     * Binds an address. The port accepts users from {@link #start} on. Before that, {@link #lead} must be called.
     *
     * @param preface reads the beginning of each connection
     * @throws ListenException if the address, or a port of the range, cannot be bound. The exception names it, and nothing
     *     stays bound
     */
    public static ExposedPort bind(PortAddress address, EventLoop loop, Preface preface) throws ListenException {
        return new ExposedPort(address, false, loop, preface);
    }

    /**
     * Does the same for a port of type udp.
     *
     * @throws ListenException as {@link #bind} does
     */
    public static ExposedPort bindDatagrams(PortAddress address, EventLoop loop) throws ListenException {
        return new ExposedPort(address, true, loop, Preface.NONE);
    }

    /** Changes who may connect to a unix socket. Has no effect on other addresses. Any thread. */
    public void changeMode(PortAddress wanted) {
        if (wanted instanceof PortAddress.Socket socket && sockets.get(0) instanceof UnixListener listener) {
            try {
                listener.change(socket.bind());
            } catch (IOException e) {
                LogFields.port(bound).log(() -> log.warn("{}: its mode cannot be changed: {}", this, e.getMessage()));
            }
        }
    }

    /** Sets the route of users who connect from now on. Any thread. */
    public void lead(Route route, Destination destination) {
        Forwarding before = forwarding;
        forwarding = new Forwarding(route, destination);
        former = before == null || !before.route().remoteName().equals(route.remoteName())
                ? List.of()
                : Stream.concat(
                                former.stream()
                                        .filter(each -> each.streams().counts().live() > 0),
                                Stream.of(before.route()))
                        .toList();
    }

    /**
     * Sets the addresses whose connections begin with a header of the PROXY protocol, which says who the user is. This
     * applies to new connections. Any thread.
     *
     * @param from the addresses; none if no connection begins with a header
     * @param timeout how long a header may take
     * @param maxPending how many connections may be without a complete header, or without the complete head of a first request
     */
    public void readHeaders(AddressSet from, Duration timeout, int maxPending) {
        pending.limit(maxPending);
        if (!proxies.equals(from)) {
            proxies = from;
            header = from.isEmpty()
                    ? Preface.NONE
                    : new HeaderPreface(
                            from,
                            timeout,
                            pending,
                            (user, why) -> route().refusals().badHeader(user, why));
        }
    }

    /** The routes that the streams of its remote may use: the current one, and earlier ones. Any thread. */
    public List<Route> routes() {
        return Stream.concat(Stream.of(route()), former.stream()).toList();
    }

    /** The current route of new users. Any thread. */
    public Route route() {
        return forwarding().route();
    }

    private Forwarding forwarding() {
        Forwarding current = forwarding;
        if (current == null) {
            throw new IllegalStateException(this + " leads nowhere yet");
        }
        return current;
    }

    /** The address that users connect to, with the real port. Any thread. */
    public PortAddress address() {
        return address;
    }

    /** Whether a socket cannot listen at that address while this port is bound. Any thread. */
    public boolean overlaps(SocketAddress other) {
        return sockets.stream().anyMatch(socket -> Sockets.overlap(socket.address(), other));
    }

    /** The address as text for people, with {@code -udp} at the end for a port of type udp. Any thread. */
    public String bound() {
        return bound;
    }

    /** Whether its users send datagrams. Any thread. */
    public boolean isUdp() {
        return udp;
    }

    /** The loop that accepts users. Any thread. */
    public EventLoop loop() {
        return sockets.get(0).loop();
    }

    /** Whether users can connect. Any thread. */
    public boolean isListening() {
        return sockets.stream().allMatch(BoundSocket::isOpen);
    }

    /** Begins to accept users. Any thread. */
    public void start() {
        sockets.forEach(BoundSocket::start);
    }

    /** Accepts no more users. Existing connections stay. Any thread. */
    public void close() {
        sockets.forEach(BoundSocket::close);
    }

    private void accepted(SocketChannel channel) {
        IncomingConnection user;
        try {
            user = IncomingConnection.accepted(loop(), channel);
        } catch (IOException e) {
            LogFields.port(bound).log(() -> log.debug("{}: a user was gone at once", this, e));
            Sockets.reset(channel);
            return;
        }
        header.then(preface).read(user, this::known);
    }

    private void began(UdpSession session, Route route) {
        Forwarding now = forwarding();
        if (now.route() == route) {
            now.destination().began(session, route);
        } else {
            session.refused(); // the port has another route now: the user's next datagram begins a session there
        }
    }

    private void known(IncomingConnection user) {
        Forwarding now = forwarding();
        if (user.isBanned()) {
            now.route().refusals().banned(user);
        } else if (!now.route().admits(user.address().getAddress())) {
            now.route().refusals().denied(user);
        } else if (mustLogIn(now.route())) {
            requests.read(user, now.route().settings().http());
        } else {
            Rerouting rerouting = rerouting(request -> forwarding().equals(now) || !mustLogIn(route()), user);
            now.accept(user.with(rerouting));
        }
    }

    /** Returns the rule for a user's further requests. A request that does not match brings the connection back to {@link #requests}. */
    private Rerouting rerouting(RouteMatch match, IncomingConnection user) {
        return new Rerouting(
                match,
                (loop, unread) -> requests.readElsewhere(
                        user.on(loop).after(unread), route().settings().http()));
    }

    /** Gets a user of a route with logins, who has sent a complete request head. On the loop. */
    private void asked(IncomingConnection user, FirstHead head) {
        Forwarding now = forwarding();
        // the access list or the route may have changed meanwhile
        if (!now.route().admits(user.address().getAddress())) {
            now.route().refusals().denied(user, head);
            return;
        }
        Consumer<RouteMatch> admitted = may -> {
            Rerouting rerouting =
                    rerouting(request -> may.matches(request) && forwarding().equals(now), user);
            now.accept(user.with(rerouting));
        };
        now.route()
                .http()
                .ifPresentOrElse(users -> users.admit(user, head, admitted), () -> admitted.accept(RouteMatch.ALL));
    }

    private static boolean mustLogIn(Route route) {
        return route.http().filter(HttpUsers::mustLogIn).isPresent();
    }

    /**
     * Returns the current state of the port. Any thread.
     *
     * @param tunnels the remote's tunnels that are up
     */
    public PortView view(List<TunnelView> tunnels) {
        return route().view(trouble(), tunnels);
    }

    private Optional<String> trouble() {
        return sockets.stream().flatMap(socket -> socket.trouble().stream()).findFirst();
    }

    @Override
    public String toString() {
        return "port " + bound;
    }
}
