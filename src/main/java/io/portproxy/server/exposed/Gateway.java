package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HostTable;
import io.portproxy.http.RefusedException;
import io.portproxy.http.RequestView;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.LogFields;
import io.portproxy.net.LogLimit;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsResources;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * An address at which many hosts are reached: reads what a user's request names, and gives the user to the remote that has it. Each
 * request of a connection is looked at; one for another remote or target takes the connection there, once the earlier ones have been
 * answered. On the loop that it was bound with, where nothing else is said.
 */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** A route, and who carries its users. */
    public record Way(Route route, ExposedPort.Destination destination) {
        boolean isPassthrough() {
            return route.settings().http().isEmpty();
        }

        void accept(UserConnection user) {
            destination.accepted(user, route);
        }
    }

    /**
     * Who may connect before it is known for which host.
     *
     * @param access who may use what has no list of its own
     * @param forAllHosts whether no host has
     */
    public record Door(Access access, boolean forAllHosts) {
        /** For everybody. */
        public static final Door OPEN = new Door(Access.ALL, true);

        boolean admits(UserConnection user) {
            return access.admits(user.user().getAddress());
        }
    }

    private final Listener listener;
    private final PendingConnections pending;
    private final TlsResources tlsResources;
    private final Consumer<UserConnection> tunnels;
    private final WebServices web;
    private final LongAdder unknown = new LongAdder();
    private final LongAdder crowdedOut = new LongAdder();
    private volatile GatewaySettings settings;
    private volatile Optional<TlsEntry> tls;
    private volatile Preface header;
    private final Duration headerTimeout;
    private final LongAdder denied = new LongAdder();
    private final LongAdder badHeaders = new LongAdder();
    private final LongAdder banned = new LongAdder();
    private final LogLimit strangers;
    private volatile HostTable<Way> hosts = new HostTable<>(List.of());
    private volatile Door door = Door.OPEN;

    private Gateway(
            GatewaySettings settings,
            EventLoop loop,
            TlsResources tlsResources,
            Consumer<UserConnection> tunnels,
            WebServices web,
            Duration headerTimeout)
            throws ListenException {
        this.settings = settings;
        this.headerTimeout = headerTimeout;
        this.header = header(settings);
        this.strangers = new LogLimit(loop::nanoTime, 1);
        this.tunnels = tunnels;
        this.web = web;
        this.pending = new PendingConnections(settings.maxPending(), any -> crowdedOut.increment());
        this.tlsResources = tlsResources;
        this.tls = tlsEntry(settings);
        this.listener = Listener.bind(settings.bind(), loop, this::accepted);
    }

    /**
     * Binds its address; users are taken from {@link #start} on. Any thread.
     *
     * @param tls what TLS handshakes share
     * @param tunnels takes remotes that come by the gateway, on the loop
     * @param web what all hosts share
     * @param headerTimeout how long a header of the PROXY protocol may take
     */
    public static Gateway bind(
            GatewaySettings settings,
            EventLoop loop,
            TlsResources tls,
            Consumer<UserConnection> tunnels,
            WebServices web,
            Duration headerTimeout)
            throws ListenException {
        return new Gateway(settings, loop, tls, tunnels, web, headerTimeout);
    }

    private Preface header(GatewaySettings wanted) {
        return wanted.proxies().isEmpty()
                ? Preface.NONE
                : new HeaderPreface(
                        wanted.proxies(),
                        headerTimeout,
                        (user, why) -> refused(user, badHeaders, HeaderPreface.REFUSED, why));
    }

    private Optional<TlsEntry> tlsEntry(GatewaySettings wanted) {
        return wanted.certificates()
                .map(certificates -> new TlsEntry(
                        certificates, wanted.requestTimeout(), pending, unknown, tlsResources, new Entered()));
    }

    /** Whether it would be at the same address with these settings: then it can be {@linkplain #change changed}. Any thread. */
    public boolean isAt(GatewaySettings wanted) {
        InetSocketAddress bind = wanted.bind();
        return bind.getPort() == 0
                ? bind.equals(settings.bind()) && wanted.name().equals(settings.name())
                : bind.equals(settings.bind()) || bind.equals(address());
    }

    /** From now on, users who connect get what these settings say. Any thread. */
    public void change(GatewaySettings wanted) {
        if (!settings.equals(wanted)) {
            pending.limit(wanted.maxPending());
            tls = tlsEntry(wanted);
            header = header(wanted);
            settings = wanted;
        }
    }

    /** Takes users. Any thread. */
    public void start() {
        listener.start();
    }

    /** Takes no more users, and ends those who have asked for nothing yet. Any thread. */
    public void close() {
        listener.close();
        listener.loop().executeUnlessEnded(pending::abortAll);
    }

    /** What hosts call it. Any thread. */
    public String name() {
        return settings.name();
    }

    /** The address with the port that it really has. Any thread. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Why users cannot connect; empty when they can. Any thread. */
    public Optional<String> trouble() {
        return listener.trouble();
    }

    /** What it is like now. Any thread. */
    public GatewayView view() {
        return new GatewayView(
                settings.name(),
                Sockets.text(address()),
                settings.certificates().isPresent(),
                settings.redirectPort().isPresent(),
                trouble(),
                pending.size(),
                unknown.sum(),
                crowdedOut.sum(),
                refused());
    }

    private Map<String, Long> refused() {
        Map<String, Long> counts = new HashMap<>();
        counts.put(Route.DENIED, denied.sum());
        counts.put(HeaderPreface.REFUSED, badHeaders.sum());
        counts.put(Bans.REFUSED, banned.sum());
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** The port that users see. Any thread. */
    public int publicPort() {
        return settings.publicPort().orElseGet(() -> address().getPort());
    }

    /** The name by which remotes ask in TLS for the tunnel port; empty if they cannot here. Any thread. */
    public Optional<String> tunnel() {
        return settings.tunnel();
    }

    /** Whether users speak https. Any thread. */
    public boolean isTls() {
        return settings.certificates().isPresent();
    }

    /** What users write to reach a host that means one name; empty where it is not reached so, or redirected. Any thread. */
    public Optional<String> url(HostSettings host) {
        boolean https = isTls();
        if (settings.redirectPort().isPresent() || host.host().wildcard() || (host.isPassthrough() && !https)) {
            return Optional.empty();
        }
        int port = publicPort();
        return Optional.of((https ? "https://" : "http://")
                + host.host().text()
                + (port == (https ? 443 : 80) ? "" : ":" + port)
                + host.path());
    }

    /** From now on its hosts are these, and others may connect. Any thread. */
    public void lead(HostTable<Way> others, Door toThem) {
        door = toThem;
        hosts = others;
    }

    /** The names that hosts have here, without wildcards and those whose TLS ends at the target. Any thread. */
    public Set<String> names() {
        HostTable<Way> now = hosts;
        return now.names().stream()
                .filter(name -> now.findHost(name).filter(Way::isPassthrough).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private void accepted(SocketChannel channel) {
        try {
            Sockets.endWithReset(channel, true);
            UserConnection user = UserConnection.accepted(listener.loop(), channel)
                    .seenAt(settings.publicPort())
                    .with(web);
            if (tls.isPresent()) {
                Sockets.prepare(channel);
            }
            header.read(user, this::known);
        } catch (IOException e) {
            log.debug("{}: a user was gone at once", this, e);
            Sockets.reset(channel);
        }
    }

    /** It is known where the user is. */
    private void known(UserConnection user) {
        Optional<TlsEntry> entry = tls;
        Door now = door;
        if (web.bans().isBanned(user.user().getAddress())) {
            refused(user, banned, Bans.REFUSED, "its address is banned");
            user.reset();
        } else if (now.forAllHosts() && !now.admits(user)) {
            deny(user);
        } else if (entry.isPresent()) {
            entry.get().enter(user);
        } else {
            read(user, false);
        }
    }

    private void deny(UserConnection user) {
        web.bans().failed(user.user().getAddress());
        refused(user, denied, Route.DENIED, "an access list does not let that address in");
        user.reset();
    }

    private void refused(UserConnection user, LongAdder count, String reason, String text) {
        count.increment();
        LogFields.port(name())
                .andReason(reason)
                .log(() -> strangers.log(log, Level.INFO, "{}: user {} refused: {}", this, user.userText(), text));
    }

    private final class Entered implements TlsEntry.Exits {
        @Override
        public Optional<Consumer<UserConnection>> passthrough(String name) {
            if (settings.tunnel().filter(name::equals).isPresent()) {
                return Optional.empty(); // also where a host with an asterisk is for it
            }
            return hosts.findHost(name).filter(Way::isPassthrough).map(way -> user -> enter(user.askingFor(name), way));
        }

        private void enter(UserConnection user, Way way) {
            if (way.route().admits(user.user().getAddress())) {
                way.accept(user);
            } else {
                way.route().denied(user);
                user.reset();
            }
        }

        @Override
        public void entered(UserConnection user, Optional<String> name) {
            read(user, name.isPresent() && name.equals(settings.tunnel()));
        }
    }

    /**
     * Finds out what a user wants. On the loop.
     *
     * @param mayBeTunnel whether it may also be a remote
     */
    private void read(UserConnection user, boolean mayBeTunnel) {
        pending.makeRoomFor(user.user().getAddress());
        Waiting waiting = new Waiting(user, mayBeTunnel);
        pending.add(waiting, user.user().getAddress());
        waiting.start();
    }

    /** A user's connection comes back from a tunnel, with a request that is for another route. On the loop that has it. */
    private void elsewhere(UserConnection user) {
        if (user.loop() == listener.loop()) {
            read(user, false);
            return;
        }
        UserConnection moved = user.movedTo(listener.loop());
        if (!listener.loop().tryExecute(() -> read(moved, false))) {
            moved.reset();
        }
    }

    /** On any loop. */
    private boolean leadsTo(UserConnection user, Route route, RequestView request) throws RefusedException {
        return user.isFor(request.hostName())
                && route.admits(user.user().getAddress())
                && hosts.find(request.hostName(), request.target())
                        .filter(way -> way.route() == route)
                        .isPresent();
    }

    private void dispatch(UserConnection known, FirstHead head) {
        UserConnection user = known.askingFor(head.host());
        if (head.isConnect()) {
            new UserAnswer(501, "CONNECT is not done here.").send(user, head.style(), OwnEntry.of(user, head));
            return;
        }
        Optional<String> proof = door.admits(user) ? challenge(head) : Optional.empty();
        if (proof.isPresent()) {
            UserAnswer.sendText(user, proof.get());
            return;
        }
        if (!user.isFor(head.host())) {
            UserAnswer.misdirected().send(user, head.style(), OwnEntry.of(user, head));
            return;
        }
        Optional<Way> way;
        try {
            way = hosts.find(head.host(), head.target());
        } catch (RefusedException e) {
            UserAnswer.of(e).send(user, head.style(), OwnEntry.of(user, head));
            return;
        }
        if (way.isPresent() && !way.get().route().admits(user.user().getAddress())) {
            way.get().route().deny(user, head);
        } else if (way.isEmpty() && !door.admits(user)) {
            denied.increment();
            web.bans().failed(user.user().getAddress());
            UserAnswer.forbidden().send(user, head.style(), OwnEntry.of(user, head));
        } else if (way.isEmpty()) {
            unknown.increment();
            UserAnswer.notFound().send(user, head.style(), OwnEntry.of(user, head));
        } else if (settings.redirectPort().isPresent()) {
            redirect(user, head, settings.redirectPort().get());
        } else if (way.get().isPassthrough()) {
            noTlsHere(user, head);
        } else {
            way.get().route().admit(user, head, may -> carry(user, way.get(), may));
        }
    }

    private Optional<String> challenge(FirstHead head) {
        return isTls() ? Optional.empty() : settings.challenges().answerTo(head.pathAndQuery());
    }

    /** The target has the certificate, so that only TLS as it is leads there. */
    private void noTlsHere(UserConnection user, FirstHead head) {
        if (user.certificate().isPresent()) {
            UserAnswer.misdirected().send(user, head.style(), OwnEntry.of(user, head));
        } else {
            unknown.increment();
            UserAnswer.notFound().send(user, head.style(), OwnEntry.of(user, head));
        }
    }

    private void carry(UserConnection user, Way way, RouteMatch may) {
        Rerouting rerouting = new Rerouting(
                request -> leadsTo(user, way.route(), request) && may.matches(request),
                (loop, unread) -> elsewhere(user.on(loop).after(unread)),
                settings.requestTimeout());
        way.accept(user.with(rerouting));
    }

    /** The host is one of ours, so that nobody is sent to where a stranger wants. RFC 9110, section 15.4.9. */
    private static void redirect(UserConnection user, FirstHead head, int port) {
        String to = "https://" + head.host() + (port == 443 ? "" : ":" + port) + head.pathAndQuery();
        new UserAnswer(308, "Use https.", "Location: " + to + "\r\n").send(user, head.style(), OwnEntry.of(user, head));
    }

    /** A user who has not said yet what it wants. */
    private final class Waiting implements ReadyHandler, FirstRequest.Outcome {
        private final UserConnection user;
        private final boolean mayBeTunnel;
        private Optional<FirstRequest> request = Optional.empty();

        Waiting(UserConnection user, boolean mayBeTunnel) {
            this.user = user;
            this.mayBeTunnel = mayBeTunnel;
        }

        void start() {
            request = Optional.of(FirstRequest.read(user, settings.maxRequestHead(), settings.requestTimeout(), this));
        }

        @Override
        public void complete(UserConnection known, FirstHead head) {
            pending.remove(this);
            dispatch(known, head);
        }

        @Override
        public Optional<Consumer<UserConnection>> tunnels() {
            return mayBeTunnel ? Optional.of(this::take) : Optional.empty();
        }

        private void take(UserConnection remote) {
            pending.remove(this);
            if (door.admits(remote)) {
                tunnels.accept(remote);
            } else {
                deny(remote);
            }
        }

        @Override
        public void ended() {
            pending.remove(this);
        }

        @Override
        public void ready(int readyOps) {
            // The request hears of it itself.
        }

        @Override
        public void abort() {
            request.ifPresentOrElse(FirstRequest::abort, user::reset);
        }
    }

    @Override
    public String toString() {
        return "gateway " + settings.name();
    }
}
