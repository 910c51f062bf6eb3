package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.GuessPenalties;
import io.portproxy.net.ListenException;
import io.portproxy.net.Listener;
import io.portproxy.net.LogLimit;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.TlsHandshake;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Printable;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The proxy server's role: takes tunnels from remotes and exposes the ports configured for their names. Its methods may
 * be called from any thread; each once.
 */
public final class ProxyServer {
    private static final Logger log = LoggerFactory.getLogger(ProxyServer.class);

    /** Refused tunnels that are logged in ten seconds. */
    private static final int REFUSALS_LOGGED = 100;

    private static final Duration FIRST_PENALTY = Duration.ofMillis(100); // for a wrong proof; protocol.md, 2.1

    private final ServerSettings settings;
    private final EventLoop loop; // of the tunnel listener and the greetings
    private final TlsResources tlsResources;
    private final EventSink events;
    private final LogLimit floods;
    private final LogLimit refusals;
    private final SecureRandom random = new SecureRandom();
    private final Credentials credentials;
    private final GuessPenalties penalties = new GuessPenalties(FIRST_PENALTY, 0);
    private final Map<String, Remote> remotes = new HashMap<>();
    private final List<Remote> inOrder = new ArrayList<>();
    private final Greetings greetings; // on the loop
    private final Map<GreetingRefusal, LongAdder> greetingsRefused = new EnumMap<>(GreetingRefusal.class);
    private volatile @Nullable Listener listener;

    /**
     * @param settings what to expose
     * @param loops the process's loops, which the caller starts and closes
     * @param tlsResources what TLS handshakes share; the caller's to close
     * @param memory what all tunnels of the process share
     * @param events who is told what happens
     */
    public ProxyServer(
            ServerSettings settings,
            EventLoopGroup loops,
            TlsResources tlsResources,
            MemoryCeiling memory,
            EventSink events) {
        this.settings = settings;
        this.loop = loops.next();
        this.tlsResources = tlsResources;
        this.events = events;
        this.floods = new LogLimit(loop::nanoTime, 1);
        this.refusals = new LogLimit(loop::nanoTime, REFUSALS_LOGGED);
        for (GreetingRefusal why : GreetingRefusal.values()) {
            greetingsRefused.put(why, new LongAdder());
        }
        this.greetings = new Greetings(settings.maxGreetings(), this::crowdedOut);
        this.credentials = new Credentials(settings.remotes(), random);
        Identities identities = new Identities(Instant.now());
        for (RemoteSettings remote : settings.remotes()) {
            Remote created = new Remote(remote, settings, loops, identities, memory, random, events);
            inOrder.add(created);
            if (remotes.put(remote.name(), created) != null) {
                throw new IllegalArgumentException("remote name " + remote.name() + " twice");
            }
        }
    }

    /**
     * Binds every port, then begins to listen: either all of it or nothing.
     *
     * @throws ListenException one of the addresses cannot be listened on
     */
    public void start() throws ListenException {
        try {
            for (Remote remote : inOrder) {
                remote.bind();
            }
            Listener bound = Listener.bind(settings.bind(), loop, this::accepted);
            listener = bound;
            // Users first: a remote that finds its name ready also finds its ports open.
            inOrder.forEach(Remote::start);
            bound.start();
        } catch (ListenException e) {
            inOrder.forEach(Remote::closePorts);
            throw e;
        }
    }

    /**
     * Where remotes connect.
     *
     * @throws IllegalStateException not started
     */
    public InetSocketAddress tunnelAddress() {
        Listener bound = listener;
        if (bound == null) {
            throw new IllegalStateException("not started");
        }
        return bound.address();
    }

    /** Whether remotes and users can connect: it has started, and has not begun to stop. */
    public boolean isListening() {
        Listener bound = listener;
        return bound != null
                && bound.isOpen()
                && inOrder.stream().flatMap(remote -> remote.ports().stream()).allMatch(ExposedPort::isListening);
    }

    /** The remotes in the order of the settings, those that are away among them; after the start. */
    public List<RemoteView> remotes() {
        return inOrder.stream().map(Remote::view).toList();
    }

    /** The tunnels that have streams, by the remote's name, those among them that have ended but still deliver. */
    public Map<String, List<TunnelHandle>> tunnels() {
        Map<String, List<TunnelHandle>> tunnels = new LinkedHashMap<>();
        inOrder.forEach(remote -> tunnels.put(remote.name(), remote.tunnels()));
        return tunnels;
    }

    /** How many connections to the tunnel port were refused for that reason. */
    public long greetingsRefused(GreetingRefusal why) {
        return Objects.requireNonNull(greetingsRefused.get(why)).sum();
    }

    /** Connections to the tunnel port that have not said and proved a name yet. */
    public int greetings() {
        return greetings.size();
    }

    private void count(GreetingRefusal why) {
        Objects.requireNonNull(greetingsRefused.get(why)).increment();
    }

    /** The exposed addresses in the order of the settings. */
    public List<InetSocketAddress> exposedAddresses() {
        return inOrder.stream()
                .flatMap(remote -> remote.ports().stream())
                .map(ExposedPort::address)
                .toList();
    }

    /**
     * Stops: listeners first, so that nothing new comes; then streams get a time to end; then what is left is reset.
     *
     * @param grace how long streams may take
     * @return done when no tunnel is left
     */
    public CompletableFuture<Void> stop(Duration grace) {
        Listener bound = listener;
        if (bound != null) {
            bound.close();
        }
        loop.executeUnlessEnded(greetings::abortAll);
        return CompletableFuture.allOf(
                inOrder.stream().map(remote -> remote.stop(grace)).toArray(CompletableFuture<?>[]::new));
    }

    private void accepted(SocketChannel channel) {
        greetings.makeRoomFor(channel.socket().getInetAddress());
        begin(channel);
    }

    private void begin(SocketChannel channel) {
        try {
            Sockets.prepare(channel);
        } catch (IOException e) {
            log.debug("{} was gone before it could greet", Sockets.remote(channel), e);
            Sockets.reset(channel);
            return;
        }
        if (settings.tls().isPresent()) {
            handshake(channel, settings.tls().get());
        } else {
            greet(Transport.plain(channel));
        }
    }

    /**
     * Counts and tells it. Whoever can connect can have such a line written, so only so many are at a level that is seen.
     */
    private void refused(
            LogLimit limit,
            Level level,
            String peerAddress,
            Optional<String> claimedName,
            GreetingRefusal reason,
            String reasonText) {
        String why = Printable.of(reasonText); // it may quote what the peer sent
        count(reason);
        claimedName.map(remotes::get).ifPresent(remote -> remote.refused(peerAddress, why));
        RemoteEvents claimed =
                new RemoteEvents(events, true, claimedName.map(Printable::of).orElse(""));
        claimed.greetingRefused(peerAddress, reason.key(), why);
        claimed.logFields()
                .andReason(reason.key())
                .log(() -> limit.log(log, level, "tunnel from {} refused: {}", peerAddress, why));
    }

    /** A TLS handshake tells it itself. */
    private void crowdedOut(ReadyHandler oldest) {
        if (oldest instanceof Greeting greeting) {
            crowdedOut(greeting.peerAddress(), greeting.name());
        }
    }

    private void crowdedOut(String peerAddress, Optional<String> name) {
        String why = settings.maxGreetings()
                + " are greeting already, most of them from its address, which loses its oldest (max-greetings)";
        refused(floods, Level.WARN, peerAddress, name, GreetingRefusal.CROWDED_OUT, why);
    }

    private void handshake(SocketChannel channel, TlsSettings tls) {
        HandshakeOutcome outcome = new HandshakeOutcome(Sockets.remote(channel));
        TlsHandshake handshake = TlsHandshake.server(loop, channel, tls, tlsResources, outcome);
        outcome.handshake = handshake;
        greetings.add(handshake, channel.socket().getInetAddress());
        handshake.start(settings.greetingTimeout());
    }

    private void greet(Transport transport) {
        boolean certificates =
                settings.tls().map(TlsSettings::clientCertificate).orElse(false);
        ExtendedGreeting extended = new ExtendedGreeting(credentials, penalties, random, certificates);
        Greeting greeting = new Greeting(loop, transport, extended, new GreetingOutcome());
        greetings.add(greeting, greeting.address());
        greeting.start(settings.greetingTimeout());
    }

    private final class HandshakeOutcome implements TlsHandshake.Outcome {
        private final String peerAddress;
        private @Nullable TlsHandshake handshake;

        HandshakeOutcome(String peerAddress) {
            this.peerAddress = peerAddress;
        }

        @Override
        public void connected(Transport transport) {
            forget();
            greet(transport);
        }

        @Override
        public void failed(String why) {
            if (forget()) {
                refused(refusals, Level.INFO, peerAddress, Optional.empty(), GreetingRefusal.TLS, "TLS: " + why);
            } else {
                crowdedOut(peerAddress, Optional.empty());
            }
        }

        /** Returns whether it was among those that are greeting. */
        private boolean forget() {
            return handshake != null && greetings.remove(handshake);
        }
    }

    private final class GreetingOutcome implements Greeting.Outcome {
        @Override
        public void greeted(Greeting greeting, String name, Optional<Introduction> introduction) {
            Remote remote = remotes.get(name);
            String refusal = remote == null
                    ? "no remote_name \"" + Printable.of(name) + "\" is configured"
                    : introduction.isPresent() ? "" : classicRefusal(greeting, name);
            if (remote == null || !refusal.isEmpty()) {
                greeting.reject(Optional.empty(), refusal);
            } else {
                greetings.remove(greeting); // it is a remote now, and not to be ended for a newcomer
                admit(remote, greeting, introduction);
            }
        }

        private void admit(Remote remote, Greeting greeting, Optional<Introduction> introduction) {
            if (!remote.loop().tryExecute(() -> remote.admit(greeting, introduction))) {
                greeting.fail("this server is too busy to take it");
            }
        }

        /** Why a remote may not speak the classic dialect, which cannot prove anything; empty if it may. */
        private String classicRefusal(Greeting greeting, String name) {
            if (!settings.classicAllowed()) {
                return "it speaks the classic dialect (portproxy.server.classic: deny)";
            }
            if (!credentials.needsNoToken(name)) {
                return "remote " + name + " has a token, which it cannot prove in the classic dialect";
            }
            boolean certificates =
                    settings.tls().map(TlsSettings::clientCertificate).orElse(false);
            boolean named = !certificates || greeting.transport().peerNames().contains(name);
            return named ? "" : "its certificate is not for its remote name \"" + name + "\"";
        }

        @Override
        public void refused(String peerAddress, Optional<String> name, String why) {
            ProxyServer.this.refused(refusals, Level.INFO, peerAddress, name, GreetingRefusal.GREETING, why);
        }

        @Override
        public void ended(Greeting greeting) {
            greetings.remove(greeting);
        }
    }
}
