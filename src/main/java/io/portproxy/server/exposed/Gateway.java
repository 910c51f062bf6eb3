package io.portproxy.server.exposed;

import io.portproxy.http.FirstHead;
import io.portproxy.http.HostTable;
import io.portproxy.http.RefusedException;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.TlsHandshake;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.net.tls.TlsSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address at which many hosts are reached: reads what a user's request names, and gives the user to the remote that has it. Each
 * request of a connection is looked at; one for another remote or target takes the connection there, once the earlier ones have been
 * answered. On the loop that it was bound with, where nothing else is said.
 */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** A route, and who carries its users. */
    public record Way(Route route, ExposedPort.Destination destination) {}

    private final GatewaySettings settings;
    private final Listener listener;
    private final PendingConnections pending;
    private final TlsResources tlsResources;
    private final LongAdder unknown = new LongAdder();
    private final LongAdder crowdedOut = new LongAdder();
    private volatile HostTable<Way> hosts = new HostTable<>(List.of());

    private Gateway(GatewaySettings settings, EventLoop loop, TlsResources tlsResources) throws ListenException {
        this.settings = settings;
        this.tlsResources = tlsResources;
        this.pending = new PendingConnections(settings.maxPending(), any -> crowdedOut.increment());
        this.listener = Listener.bind(settings.bind(), loop, this::accepted);
    }

    /**
     * Binds its address; users are taken from {@link #start} on. Any thread.
     *
     * @param tls what TLS handshakes share
     */
    public static Gateway bind(GatewaySettings settings, EventLoop loop, TlsResources tls) throws ListenException {
        return new Gateway(settings, loop, tls);
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
                settings.name(), Sockets.text(address()), trouble(), pending.size(), unknown.sum(), crowdedOut.sum());
    }

    /** From now on its hosts are these. Any thread. */
    public void lead(HostTable<Way> others) {
        hosts = others;
    }

    private void accepted(SocketChannel channel) {
        try {
            Sockets.endWithReset(channel, true);
            UserConnection user = UserConnection.accepted(listener.loop(), channel);
            Optional<TlsSettings> tls = settings.tls();
            if (tls.isPresent()) {
                Sockets.prepare(channel);
                handshake(user, tls.get());
            } else {
                read(user);
            }
        } catch (IOException e) {
            log.debug("{}: a user was gone at once", this, e);
            Sockets.reset(channel);
        }
    }

    private void handshake(UserConnection user, TlsSettings tls) {
        Handshake outcome = new Handshake(user);
        TlsHandshake handshake =
                TlsHandshake.server(listener.loop(), user.transport().socket(), tls, tlsResources, outcome);
        outcome.handshake = handshake;
        pending.makeRoomFor(user.user().getAddress());
        pending.add(handshake, user.user().getAddress());
        handshake.start(settings.requestTimeout());
    }

    private final class Handshake implements TlsHandshake.Outcome {
        private final UserConnection user;
        private @Nullable TlsHandshake handshake;

        Handshake(UserConnection user) {
            this.user = user;
        }

        @Override
        public void connected(Transport transport) {
            forget();
            read(user.inside(transport));
        }

        @Override
        public void failed(String why) {
            forget();
            log.debug("{}: user {}: TLS: {}", Gateway.this, user.userText(), why);
        }

        private void forget() {
            if (handshake != null) {
                pending.remove(handshake);
            }
        }
    }

    /** Finds out what a user wants. On the loop. */
    private void read(UserConnection user) {
        pending.makeRoomFor(user.user().getAddress());
        Waiting waiting = new Waiting(user);
        pending.add(waiting, user.user().getAddress());
        waiting.start();
    }

    /** A user's connection comes back from a tunnel, with a request that is for another route. On the loop that has it. */
    private void elsewhere(UserConnection user) {
        if (user.loop() == listener.loop()) {
            read(user);
            return;
        }
        UserConnection moved = user.movedTo(listener.loop());
        if (!listener.loop().tryExecute(() -> read(moved))) {
            moved.reset();
        }
    }

    /** On any loop. */
    private boolean leadsTo(Route route, String host, String target) throws RefusedException {
        return hosts.find(host, target).filter(way -> way.route() == route).isPresent();
    }

    private void dispatch(UserConnection user, FirstHead head) {
        if (head.isConnect()) {
            new UserAnswer(501, "CONNECT is not done here.").send(user, head.style());
            return;
        }
        Optional<Way> way;
        try {
            way = hosts.find(head.host(), head.target());
        } catch (RefusedException e) {
            UserAnswer.of(e).send(user, head.style());
            return;
        }
        if (way.isEmpty()) {
            unknown.increment();
            UserAnswer.notFound().send(user, head.style());
        } else if (settings.redirectPort().isPresent()) {
            redirect(user, head, settings.redirectPort().get());
        } else {
            carry(user, way.get());
        }
    }

    private void carry(UserConnection user, Way way) {
        Rerouting rerouting = new Rerouting(
                (host, target) -> leadsTo(way.route(), host, target),
                (loop, unread) -> elsewhere(user.on(loop).after(unread)));
        way.destination().accepted(user.with(rerouting), way.route());
    }

    /** The host is one of ours, so that nobody is sent to where a stranger wants. RFC 9110, section 15.4.9. */
    private static void redirect(UserConnection user, FirstHead head, int port) {
        String to = "https://" + head.host() + (port == 443 ? "" : ":" + port) + head.pathAndQuery();
        new UserAnswer(308, "Use https.", "Location: " + to + "\r\n").send(user, head.style());
    }

    /** A user who has not said yet what it wants. */
    private final class Waiting implements ReadyHandler, FirstRequest.Outcome {
        private final UserConnection user;
        private Optional<FirstRequest> request = Optional.empty();

        Waiting(UserConnection user) {
            this.user = user;
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
