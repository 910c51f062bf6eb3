package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.AddressSet;
import io.portproxy.net.Entrance;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.LogFields;
import io.portproxy.net.Sockets;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address that users connect to. Where they are carried to, its route, may change while it is listened on. On the loop that
 * it was bound with, where nothing else is said.
 */
public final class ExposedPort {
    private static final Logger log = LoggerFactory.getLogger(ExposedPort.class);

    /** Who carries its users. */
    @FunctionalInterface
    public interface Destination {
        /** A user has connected. On the port's loop. */
        void accepted(UserConnection user, Route route);

        /** A user of a port of type udp has sent the first datagram. On the port's loop. */
        default void began(UdpSession session, Route route) {
            session.refused();
        }
    }

    private record Way(Route route, Destination destination) {}

    private final List<Entrance> entrances; // more than one of a range
    private final boolean udp;
    private final String bound;
    private final Preface preface;
    private final FirstRequests requests;
    private volatile @Nullable Way way;
    private volatile Preface header = Preface.NONE;
    private volatile AddressSet proxies = AddressSet.NONE;
    private volatile List<Route> former = List.of(); // those of the same remote whose streams go on

    private ExposedPort(List<InetSocketAddress> addresses, boolean datagrams, EventLoop loop, Preface preface)
            throws ListenException {
        this.preface = preface;
        this.udp = datagrams;
        this.entrances = open(addresses, loop);
        this.bound = text(address(), entrances.size()) + (datagrams ? "-udp" : "");
        this.requests = new FirstRequests(
                loop,
                this::asked,
                (user, head, answer) -> route().answer(user, head, answer),
                why -> route().turnedAway(why));
    }

    /** All or nothing. */
    private List<Entrance> open(List<InetSocketAddress> addresses, EventLoop loop) throws ListenException {
        List<Entrance> opened = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                opened.add(
                        udp
                                ? UdpEntrance.bind(address, loop, this::route, this::began)
                                : Listener.bind(address, loop, this::accepted));
            }
        } catch (ListenException | RuntimeException | Error e) {
            opened.forEach(Entrance::close);
            throw e;
        }
        return List.copyOf(opened);
    }

    /**
     * One or many ports, as they are written.
     *
     * @param first the first of them
     */
    public static String text(InetSocketAddress first, int count) {
        return count == 1
                ? Sockets.text(first)
                : Sockets.text(
                        first.getAddress().getHostAddress(), new PortRange(first.getPort(), count).of(first.getPort()));
    }

    /**
     * Binds an address; users are taken from {@link #start} on, which {@link #lead} has to come before.
     *
     * @param preface is read of each connection first
     */
    public static ExposedPort bind(InetSocketAddress address, EventLoop loop, Preface preface) throws ListenException {
        return bind(List.of(address), loop, preface);
    }

    /**
     * The same with many addresses.
     *
     * @throws ListenException one of them, which it names, cannot be bound; none is then
     */
    public static ExposedPort bind(List<InetSocketAddress> addresses, EventLoop loop, Preface preface)
            throws ListenException {
        return new ExposedPort(addresses, false, loop, preface);
    }

    /** The same, for a port of type udp. */
    public static ExposedPort bindDatagrams(List<InetSocketAddress> addresses, EventLoop loop) throws ListenException {
        return new ExposedPort(addresses, true, loop, Preface.NONE);
    }

    /** From now on users are carried by this route. Any thread. */
    public void lead(Route route, Destination destination) {
        Way before = way;
        way = new Way(route, destination);
        former = before == null || !before.route().remoteName().equals(route.remoteName())
                ? List.of()
                : Stream.concat(former.stream().filter(each -> each.counts().live() > 0), Stream.of(before.route()))
                        .toList();
    }

    /**
     * From now on, connections from some addresses begin with a header of the PROXY protocol, which says who the user is. Any thread.
     *
     * @param from the addresses; none: no connection begins with one
     * @param timeout how long it may take
     */
    public void readHeaders(AddressSet from, Duration timeout) {
        if (!proxies.equals(from)) {
            proxies = from;
            header = from.isEmpty()
                    ? Preface.NONE
                    : new HeaderPreface(from, timeout, (user, why) -> route().badHeader(user, why));
        }
    }

    /** By which its remote's streams may have come: where users are carried to, and where they were carried to before. Any thread. */
    public List<Route> routes() {
        return Stream.concat(Stream.of(route()), former.stream()).toList();
    }

    /** Where users are carried to. Any thread. */
    public Route route() {
        return way().route();
    }

    private Way way() {
        Way current = way;
        if (current == null) {
            throw new IllegalStateException(this + " leads nowhere yet");
        }
        return current;
    }

    /** The address with the port that it really has, of many the first. Any thread. */
    public InetSocketAddress address() {
        return entrances.get(0).address();
    }

    /** How many ports there are. Any thread. */
    public int count() {
        return entrances.size();
    }

    /** Whether nobody else can listen there beside it. Any thread. */
    public boolean overlaps(InetSocketAddress other) {
        return entrances.stream().anyMatch(entrance -> Sockets.overlap(entrance.address(), other));
    }

    /** The address, as people see it. Any thread. */
    public String bound() {
        return bound;
    }

    /** Whether its users send datagrams. Any thread. */
    public boolean isUdp() {
        return udp;
    }

    /** The loop that accepts. Any thread. */
    public EventLoop loop() {
        return entrances.get(0).loop();
    }

    /** Whether users can connect. Any thread. */
    public boolean isListening() {
        return entrances.stream().allMatch(Entrance::isOpen);
    }

    /** Takes users. Any thread. */
    public void start() {
        entrances.forEach(Entrance::start);
    }

    /** Takes no more users; those that there are stay. Any thread. */
    public void close() {
        entrances.forEach(Entrance::close);
    }

    private void accepted(SocketChannel channel) {
        UserConnection user;
        try {
            user = UserConnection.accepted(loop(), channel);
        } catch (IOException e) {
            LogFields.port(bound).log(() -> log.debug("{}: a user was gone at once", this, e));
            Sockets.reset(channel);
            return;
        }
        header.then(preface).read(user, this::known);
    }

    private void began(UdpSession session, Route route) {
        Way now = way();
        if (now.route() == route) {
            now.destination().began(session, route);
        } else {
            session.refused(); // it leads elsewhere since: the next datagram begins another
        }
    }

    private void known(UserConnection user) {
        Way now = way();
        if (user.web().bans().isBanned(user.user().getAddress())) {
            now.route().banned(user);
            user.reset();
        } else if (!now.route().admits(user.user().getAddress())) {
            now.route().denied(user);
            user.reset();
        } else if (now.route().asks()) {
            requests.read(user, maxHead(now.route()), headTimeout(user, now.route()));
        } else {
            Rerouting rerouting =
                    rerouting(request -> way().equals(now) || !way().route().asks(), user);
            now.destination().accepted(user.with(rerouting), now.route());
        }
    }

    /** When users are to be asked from now on, the next request of one who was not asked comes back. */
    private Rerouting rerouting(RouteMatch match, UserConnection user) {
        return new Rerouting(
                match,
                (loop, unread) -> requests.readElsewhere(
                        user.on(loop).after(unread), maxHead(way().route()), headTimeout(user, way().route())),
                Rerouting.NONE.headTimeout());
    }

    /** A user of a route that asks who users are has sent the head of a request. On the loop. */
    private void asked(UserConnection user, FirstHead head) {
        Way now = way();
        if (!now.route().admits(user.user().getAddress())) { // a list that is new, too, or one of where it leads now
            now.route().deny(user, head);
            return;
        }
        now.route().admit(user, head, may -> {
            Rerouting rerouting = rerouting(request -> may.matches(request) && way().equals(now), user);
            now.destination().accepted(user.with(rerouting), now.route());
        });
    }

    private static int maxHead(Route route) {
        return route.settings()
                .http()
                .map(HttpRewriteSettings::maxRequestHead)
                .orElse(HttpRewriteSettings.MIN_REQUEST_HEAD);
    }

    /** Of the first request, before its user is known. */
    private static Duration headTimeout(UserConnection user, Route route) {
        return route.settings()
                .http()
                .flatMap(HttpRewriteSettings::requestTimeout)
                .orElse(user.web().limits().requestTimeout());
    }

    /**
     * What the port is like now. Any thread.
     *
     * @param tunnels those of the remote that are up
     */
    public PortView view(List<TunnelView> tunnels) {
        return route().view(trouble(), tunnels);
    }

    private Optional<String> trouble() {
        return entrances.stream()
                .flatMap(entrance -> entrance.trouble().stream())
                .findFirst();
    }

    @Override
    public String toString() {
        return "port " + bound;
    }
}
