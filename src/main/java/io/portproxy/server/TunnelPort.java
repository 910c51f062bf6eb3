package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.GuessPenalties;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.LogLimit;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.TlsHandshake;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.Reject;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.exposed.user.HeaderPreface;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.Preface;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The port that remotes connect to. It does the TLS handshake, if TLS is configured, and the greeting, which says which
 * remote it is. On its loop, unless a method says otherwise.
 */
final class TunnelPort {
    private static final Logger log = LoggerFactory.getLogger(TunnelPort.class);

    /** The most refused tunnels that are logged at their level in ten seconds. */
    private static final int REFUSALS_LOGGED = 100;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String BUSY = "this server is too busy to take it";

    private static final Duration FIRST_PENALTY = Duration.ofMillis(100); // for a wrong proof; protocol.md, 2.1

    private final ServerSettings settings;
    private final EventLoop loop;
    private final TlsResources tlsResources;
    private final Remotes remotes;
    private final Credentials credentials;
    private final SecureRandom random;
    private final EventSink events;
    private final LogLimit floods;
    private final LogLimit refusals;
    private final GuessPenalties penalties = new GuessPenalties(FIRST_PENALTY, 0);
    private final PendingConnections greetings;
    private final Map<GreetingRefusal, LongAdder> refused = new EnumMap<>(GreetingRefusal.class);
    private final Preface header;
    private volatile @Nullable Listener listener; // null until it is bound

    TunnelPort(ServerContext context, EventLoop loop, TlsResources tlsResources, Remotes remotes) {
        this.settings = context.settings();
        this.loop = loop;
        this.tlsResources = tlsResources;
        this.remotes = remotes;
        this.random = context.random();
        this.events = context.events();
        this.credentials = new Credentials(this::tokens, random);
        this.floods = new LogLimit(loop::nanoTime, 1);
        this.refusals = new LogLimit(loop::nanoTime, REFUSALS_LOGGED);
        for (GreetingRefusal why : GreetingRefusal.values()) {
            refused.put(why, new LongAdder());
        }
        this.greetings = new PendingConnections(
                settings.port().maxGreetings(), from -> crowdedOut(Sockets.text(from), Optional.empty()));
        UserSettings users = settings.users();
        this.header = users.proxies().isEmpty()
                ? Preface.NONE
                : new HeaderPreface(users.proxies(), users.headerTimeout(), greetings, this::badHeader);
    }

    private Optional<List<TokenVerifier>> tokens(String name) {
        return remotes.find(name)
                .map(Remote::settings)
                .or(() -> remotes.template(name))
                .map(RemoteSettings::tokens);
    }

    /**
     * Binds the port. It accepts remotes from {@link #start} on. Any thread.
     *
     * @throws ListenException if the address cannot be bound
     */
    void bind() throws ListenException {
        listener = Listener.bind(settings.port().bind(), loop, this::accepted);
    }

    /** Begins to accept remotes. Any thread. */
    void start() {
        listener().start();
    }

    /**
     * The address that remotes connect to, with the real port. Any thread.
     *
     * @throws IllegalStateException if the port is not bound
     */
    InetSocketAddress address() {
        return listener().address();
    }

    private Listener listener() {
        Listener bound = listener;
        if (bound == null) {
            throw new IllegalStateException("not started");
        }
        return bound;
    }

    /** Whether remotes can connect. Any thread. */
    boolean isListening() {
        Listener bound = listener;
        return bound != null && bound.isOpen();
    }

    /** Accepts no more remotes, and resets the connections of those that have not proved a name yet. Any thread. */
    void stop() {
        Listener bound = listener;
        if (bound != null) {
            bound.close();
        }
        loop.executeUnlessEnded(greetings::abortAll);
    }

    /** The number of connections that were refused for that reason. Any thread. */
    long refused(GreetingRefusal why) {
        return Objects.requireNonNull(refused.get(why)).sum();
    }

    /** The number of connections that have not proved a name yet. Any thread. */
    int greetings() {
        return greetings.size();
    }

    private void accepted(SocketChannel channel) {
        IncomingConnection remote;
        try {
            remote = IncomingConnection.accepted(loop, channel);
            Sockets.prepare(channel);
        } catch (IOException e) {
            log.debug("{} was gone before it could greet", Sockets.remote(channel), e);
            Sockets.reset(channel);
            return;
        }
        header.read(remote, this::begin);
    }

    private void badHeader(IncomingConnection peer, String why) {
        refused(refusals, Level.INFO, peer.addressText(), Optional.empty(), GreetingRefusal.PROXY_HEADER, why);
    }

    /** Takes a remote that came through a gateway. Its greeting has begun. On the loop that has the connection. */
    void take(IncomingConnection remote) {
        remote.continueOn(loop, this::greet, IncomingConnection::reset);
    }

    private void greet(IncomingConnection remote) {
        greetings.makeRoomFor(remote.address().getAddress());
        greet(remote.transport(), remote.address(), remote.readAlready());
    }

    /** Takes a connection whose remote's address is known. */
    private void begin(IncomingConnection remote) {
        if (settings.web().bans().isBanned(remote.address().getAddress())) {
            String why = "its address is banned";
            refused(floods, Level.INFO, remote.addressText(), Optional.empty(), GreetingRefusal.BANNED, why);
            remote.reset();
            return;
        }
        greetings.makeRoomFor(remote.address().getAddress());
        if (settings.port().tls().isPresent()) {
            handshake(remote, settings.port().tls().get());
        } else {
            greet(remote.transport(), remote.address(), NOTHING);
        }
    }

    /**
     * Counts, logs and reports a refused connection. Any host that can connect can cause such a line, so a limit decides how
     * many are logged at this level.
     */
    private void refused(
            LogLimit limit,
            Level level,
            String peerAddress,
            Optional<String> claimedName,
            GreetingRefusal reason,
            String reasonText) {
        String why = Printable.of(reasonText); // it may quote what the peer sent
        Objects.requireNonNull(refused.get(reason)).increment();
        claimedName
                .flatMap(remotes::find)
                .ifPresent(remote -> remote.admission().refused(peerAddress, why));
        RemoteEvents claimed =
                new RemoteEvents(events, true, claimedName.map(Printable::of).orElse(""));
        claimed.greetingRefused(peerAddress, reason.key(), why);
        claimed.logFields()
                .andReason(reason.key())
                .log(() -> limit.log(log, level, "tunnel from {} refused: {}", peerAddress, why));
    }

    /** Reports a connection that is closed to make room. */
    private void crowdedOut(String peerAddress, Optional<String> name) {
        String why = settings.port().maxGreetings()
                + " connections are in their greeting, which is the limit (max-greetings); most come from this address, so its oldest is closed";
        refused(floods, Level.WARN, peerAddress, name, GreetingRefusal.CROWDED_OUT, why);
    }

    private void handshake(IncomingConnection remote, TlsSettings tls) {
        HandshakeOutcome outcome = new HandshakeOutcome(remote.address());
        TlsHandshake handshake = TlsHandshake.server(loop, remote.transport().socket(), tls, tlsResources, outcome);
        outcome.handshake = handshake;
        greetings.add(handshake, remote.address());
        handshake.start(settings.port().greetingTimeout());
    }

    private void greet(Transport transport, InetSocketAddress peer, ByteBuffer first) {
        boolean certificates = settings.port().asksForCertificates();
        ExtendedGreeting extended = new ExtendedGreeting(
                credentials, penalties, random, certificates, settings.web().bans());
        Greeting greeting = new Greeting(loop, transport, peer, extended, new GreetingOwner());
        greetings.add(greeting, peer, () -> crowdedOut(greeting.peerAddress(), greeting.name()));
        greeting.start(settings.port().greetingTimeout(), first);
    }

    private final class HandshakeOutcome implements TlsHandshake.Outcome {
        private final InetSocketAddress peer;
        private final String peerAddress;
        private @Nullable TlsHandshake handshake;

        HandshakeOutcome(InetSocketAddress peer) {
            this.peer = peer;
            this.peerAddress = Sockets.text(peer);
        }

        @Override
        public void connected(Transport transport) {
            forget();
            greet(transport, peer, NOTHING);
        }

        @Override
        public void failed(String why) {
            if (forget()) { // otherwise it was crowded out, which has been reported
                refused(refusals, Level.INFO, peerAddress, Optional.empty(), GreetingRefusal.TLS, "TLS: " + why);
            }
        }

        /** Removes the handshake from the connections without a proved name. Returns whether it was there. */
        private boolean forget() {
            return handshake != null && greetings.remove(handshake);
        }
    }

    private final class GreetingOwner implements Greeting.Owner {
        @Override
        public void greeted(Greeting greeting, String name, Optional<AuthenticatedHello> hello) {
            Remote remote = remotes.find(name).orElse(null);
            boolean ofTemplate = remote == null ? remotes.template(name).isPresent() : remote.isOfTemplate();
            if (ofTemplate) {
                greetedOfTemplate(greeting, name, hello);
                return;
            }
            String refusal = remote == null
                    ? "no remote_name \"" + Printable.of(name) + "\" is configured"
                    : hello.isPresent() ? "" : classicRefusal(greeting, name);
            if (remote == null || !refusal.isEmpty()) {
                greeting.reject(Optional.empty(), refusal);
            } else {
                greetings.remove(greeting); // the remote is known, so its connection no longer makes room for new ones
                admit(remote, greeting, hello);
            }
        }

        private void admit(Remote remote, Greeting greeting, Optional<AuthenticatedHello> hello) {
            if (!remote.tunnels().tryAdmit(greeting, hello)) {
                greeting.fail(BUSY);
            }
        }

        /** Takes a remote whose name belongs to a template. It asks for its ports, so it must speak the extended dialect. */
        private void greetedOfTemplate(Greeting greeting, String name, Optional<AuthenticatedHello> hello) {
            if (hello.isEmpty()) {
                String why = "remote " + Printable.of(name) + " is of a template, and speaks the classic dialect";
                greeting.reject(Optional.empty(), why);
                return;
            }
            greetings.remove(greeting);
            if (!remotes.findOrMake(name, found -> admit(found, greeting, hello))) {
                greeting.fail(BUSY);
            }
        }

        /** Runs on the thread of {@link GrantThread}. */
        private void admit(Remotes.Found found, Greeting greeting, Optional<AuthenticatedHello> hello) {
            Remote remote = found.remote().orElse(null);
            if (remote == null) {
                Reject refusal = found.refusal();
                loop.executeUnlessEnded(() -> greeting.reject(Optional.of(refusal), refusal.message()));
            } else if (!remote.tunnels().tryAdmit(greeting, hello)) {
                loop.executeUnlessEnded(() -> greeting.fail(BUSY));
            }
        }

        /** Returns why a remote may not speak the classic dialect, which has no proofs; empty if it may. */
        private String classicRefusal(Greeting greeting, String name) {
            if (!settings.port().classicAllowed()) {
                return "it speaks the classic dialect (portproxy.server.classic: deny)";
            }
            if (!credentials.needsNoToken(name)) {
                return "remote " + name + " has a token, which it cannot prove in the classic dialect";
            }
            boolean certificates = settings.port().asksForCertificates();
            boolean named = !certificates || greeting.transport().peerNames().contains(name);
            return named ? "" : "its certificate is not for its remote name \"" + name + "\"";
        }

        @Override
        public void refused(String peerAddress, Optional<String> name, String why) {
            TunnelPort.this.refused(refusals, Level.INFO, peerAddress, name, GreetingRefusal.GREETING, why);
        }

        @Override
        public void ended(Greeting greeting) {
            greetings.remove(greeting);
        }
    }
}
