package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HostTable;
import io.portproxy.http.RefusedException;
import io.portproxy.http.RequestView;
import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.ReadyHandler;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Chooses where each user of a gateway goes: reads what its request names, and gives the user to the remote that has it. Each request of
 * a connection is looked at; one for another remote or target takes the connection there, once the earlier ones have been answered. On
 * the gateway's loop, where nothing else is said.
 */
final class GatewayDispatch implements TlsEntry.Exits {
    private final EventLoop loop;
    private final Supplier<GatewaySettings> settings;
    private final Consumer<UserConnection> tunnels;
    private final PendingConnections pending;
    private final GatewayRefusals refusals;
    private volatile HostTable<GatewayWay> hosts = new HostTable<>(List.of());
    private volatile GatewayDoor door = GatewayDoor.OPEN;

    /**
     * @param loop the gateway's
     * @param settings what the gateway's settings are now
     * @param tunnels takes remotes that come by the gateway
     * @param pending users who have not said yet what they want
     */
    GatewayDispatch(
            EventLoop loop,
            Supplier<GatewaySettings> settings,
            Consumer<UserConnection> tunnels,
            PendingConnections pending,
            GatewayRefusals refusals) {
        this.loop = loop;
        this.settings = settings;
        this.tunnels = tunnels;
        this.pending = pending;
        this.refusals = refusals;
    }

    /** From now on users go to these hosts, and others may connect. Any thread. */
    void lead(HostTable<GatewayWay> others, GatewayDoor toThem) {
        door = toThem;
        hosts = others;
    }

    /** The hosts to which users go. Any thread. */
    HostTable<GatewayWay> hosts() {
        return hosts;
    }

    /** Who may connect before it is known for which host. Any thread. */
    GatewayDoor door() {
        return door;
    }

    @Override
    public void late(UserConnection user) {
        refusals.late(user);
    }

    @Override
    public Optional<Consumer<UserConnection>> passthrough(String name) {
        if (settings.get().tunnel().filter(name::equals).isPresent()) {
            return Optional.empty(); // also where a host with an asterisk is for it
        }
        return hosts.findHost(name)
                .filter(GatewayWay::isPassthrough)
                .map(way -> user -> enter(user.askingFor(name), way));
    }

    private void enter(UserConnection user, GatewayWay way) {
        if (way.route().admits(user.user().getAddress())) {
            way.accept(user);
        } else {
            way.route().denied(user);
            user.reset();
        }
    }

    @Override
    public void entered(UserConnection user, Optional<String> name) {
        read(user, name.isPresent() && name.equals(settings.get().tunnel()));
    }

    /**
     * Finds out what a user wants. On the loop.
     *
     * @param mayBeTunnel whether it may also be a remote
     */
    void read(UserConnection user, boolean mayBeTunnel) {
        pending.makeRoomFor(user.user().getAddress());
        Waiting waiting = new Waiting(user, mayBeTunnel);
        pending.add(waiting, user.user().getAddress());
        waiting.start();
    }

    /** A user's connection comes back from a tunnel, with a request that is for another route. On the loop that has it. */
    private void elsewhere(UserConnection user) {
        if (user.loop() == loop) {
            read(user, false);
            return;
        }
        UserConnection moved = user.movedTo(loop);
        if (!loop.tryExecute(() -> read(moved, false))) {
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
        Optional<GatewayWay> way;
        try {
            way = hosts.find(head.host(), head.target());
        } catch (RefusedException e) {
            UserAnswer.of(e).send(user, head.style(), OwnEntry.of(user, head));
            return;
        }
        if (way.isPresent() && !way.get().route().admits(user.user().getAddress())) {
            way.get().route().deny(user, head);
        } else if (way.isEmpty() && !door.admits(user)) {
            refusals.deniedHost(user);
            UserAnswer.forbidden().send(user, head.style(), OwnEntry.of(user, head));
        } else if (way.isEmpty()) {
            refusals.unknown().increment();
            UserAnswer.notFound().send(user, head.style(), OwnEntry.of(user, head));
        } else if (settings.get().redirectPort().isPresent()) {
            redirect(user, head, settings.get().redirectPort().get());
        } else if (way.get().isPassthrough()) {
            noTlsHere(user, head);
        } else {
            way.get().route().admit(user, head, may -> carry(user, way.get(), may));
        }
    }

    private Optional<String> challenge(FirstHead head) {
        return settings.get().certificates().isPresent()
                ? Optional.empty()
                : settings.get().challenges().answerTo(head.pathAndQuery());
    }

    /** The target has the certificate, so that only TLS as it is leads there. */
    private void noTlsHere(UserConnection user, FirstHead head) {
        if (user.certificate().isPresent()) {
            UserAnswer.misdirected().send(user, head.style(), OwnEntry.of(user, head));
        } else {
            refusals.unknown().increment();
            UserAnswer.notFound().send(user, head.style(), OwnEntry.of(user, head));
        }
    }

    private void carry(UserConnection user, GatewayWay way, RouteMatch may) {
        Rerouting rerouting = new Rerouting(
                request -> leadsTo(user, way.route(), request) && may.matches(request),
                (loop, unread) -> elsewhere(user.on(loop).after(unread)),
                settings.get().requestTimeout());
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
            request = Optional.of(FirstRequest.read(
                    user, settings.get().maxRequestHead(), settings.get().requestTimeout(), this));
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
                refusals.denied(remote);
                remote.reset();
            }
        }

        @Override
        public void late() {
            refusals.late(user);
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
}
