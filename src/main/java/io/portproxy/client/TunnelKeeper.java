package io.portproxy.client;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.TlsHandshake;
import io.portproxy.net.TlsResources;
import io.portproxy.net.TlsSettings;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Hello;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Welcome;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.StreamTotals;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelCounts;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.TunnelOwner;
import io.portproxy.tunnel.TunnelTerms;
import io.portproxy.tunnel.TunnelTotals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one of a remote's tunnels up, for ever. A remote's first tunnel leads: the others are dialled only while that is
 * up, so that a server that is away is asked by one of them, and a name that two remotes want changes hands as a whole.
 *
 * <pre>
 *   resolve --> dial --> TLS --> greet --> tunnel up --lost--> wait --(the first is up)--> resolve ...
 *      |          |        |        |                            ^
 *      +----------+--------+--------+--------- failed -----------+
 * </pre>
 *
 * {@link #start}, {@link #stop}, {@link #isUp} and what is counted may be called from any thread; all else is on the
 * tunnel's loop.
 */
final class TunnelKeeper {
    private static final Logger log = LoggerFactory.getLogger(TunnelKeeper.class);

    private final ClientSettings settings;
    private final int index;
    private final Opaque instance;
    private final EventLoop loop;
    private final Resolver resolver;
    private final TlsResources tlsResources;
    private final MemoryCeiling memory;
    private final SecureRandom random;
    private final Backoff backoff;
    private final Targets targets;
    private final List<TunnelKeeper> followers = new ArrayList<>();
    private @Nullable TunnelKeeper leader;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final StreamTotals totals = StreamTotals.ofRemote();
    private final TunnelTotals tunnelTotals = new TunnelTotals();
    private final LongAdder failures = new LongAdder();
    private volatile Optional<String> lastFailure = Optional.empty();
    private volatile boolean up;
    private volatile @Nullable Tunnel tunnel;
    private @Nullable Runnable attempt; // ends what is under way
    private Timers.@Nullable Timer timer; // of the wait, or of the tunnel's proof by age
    private boolean stopping;
    private boolean failing; // the first failure has been told at warn
    private boolean proven; // the server has shown that it takes the name, in the tunnel that is up
    private boolean unproven; // the last tunnel ended before that

    TunnelKeeper(
            ClientSettings settings,
            int index,
            Opaque instance,
            EventLoop loop,
            Resolver resolver,
            TlsResources tlsResources,
            MemoryCeiling memory,
            SecureRandom random) {
        this.settings = settings;
        this.index = index;
        this.instance = instance;
        this.loop = loop;
        this.resolver = resolver;
        this.tlsResources = tlsResources;
        this.memory = memory;
        this.random = random;
        this.backoff =
                new Backoff(settings.backoffInitial(), settings.backoffMax(), RandomGenerator.of("SplittableRandom"));
        this.targets = new Targets(settings.allow(), settings.connectTimeout(), resolver, totals);
    }

    /** Has another of the remote's tunnels wait for this one. Before either is started. */
    void leads(TunnelKeeper follower) {
        followers.add(follower);
        follower.leader = this;
    }

    void start() {
        loop.execute(this::resolve);
    }

    /** Whether it is not this one's time, as the first tunnel is away. */
    private boolean isLed() {
        return leader != null && !leader.isUp();
    }

    /** The first tunnel is up. Any thread. */
    private void follow() {
        loop.tryExecute(() -> {
            if (tunnel == null && attempt == null) {
                cancelTimer();
                resolve();
            }
        });
    }

    boolean isUp() {
        return up;
    }

    /** The tunnel while it is up. */
    Optional<TunnelHandle> tunnel() {
        return Optional.ofNullable(tunnel).map(Tunnel::handle);
    }

    StreamTotals totals() {
        return totals;
    }

    /** What the tunnel has come to. */
    TunnelCounts tunnelCounts() {
        return tunnelTotals.counts();
    }

    /** How often it was lost, or did not come up. */
    long failures() {
        return failures.sum();
    }

    /** Why, the last time. */
    Optional<String> lastFailure() {
        return lastFailure;
    }

    /** Takes no new streams, lets those there are end within {@code grace}, and closes the tunnel. */
    CompletableFuture<Void> stop(Duration grace) {
        boolean running = loop.tryExecute(() -> {
            stopping = true;
            Tunnel current = tunnel;
            if (current != null) {
                current.drain(grace);
                return;
            }
            cancelTimer();
            if (attempt != null) {
                attempt.run();
            }
            stopped.complete(null);
        });
        if (!running) {
            stopped.complete(null);
        }
        return stopped;
    }

    private void resolve() {
        timer = null;
        if (stopping || isLed()) {
            return; // led: called again when the first tunnel is up
        }
        attempt = () -> {}; // nothing to end: the answer finds that we are stopping
        resolver.resolve(
                settings.server().getHostString(), loop, this::dial, e -> failed(String.valueOf(e.getMessage())));
    }

    private void dial(InetAddress[] addresses) {
        if (stopping) {
            return;
        }
        List<InetSocketAddress> candidates = Arrays.stream(addresses)
                .map(address -> new InetSocketAddress(address, settings.server().getPort()))
                .toList();
        Dial dial = new Dial(loop, candidates, settings.connectTimeout(), new DialOutcome());
        attempt = dial::abort;
        try {
            dial.start();
        } catch (RuntimeException e) {
            log.error("a bug: dialling {} failed", Sockets.text(settings.server()), e);
            dial.abort();
            failed(String.valueOf(e.getMessage()));
        }
    }

    private void dialled(SocketChannel channel) {
        if (settings.tls().isEmpty()) {
            greet(Transport.plain(channel));
            return;
        }
        TlsSettings tls = settings.tls().get();
        TlsHandshake handshake = TlsHandshake.client(
                loop,
                channel,
                settings.server().getHostString(),
                settings.server().getPort(),
                tls,
                tlsResources,
                new HandshakeOutcome());
        attempt = handshake::abort;
        handshake.start(settings.greetingTimeout());
    }

    private void greet(Transport transport) {
        if (settings.dialect() == Dialect.CLASSIC) {
            ByteBuffer greeting = ByteBuffer.allocate(Wire.INITIAL_REMOTE_SERVER_HEAD + Wire.MAX_NAME_LENGTH);
            InstructionEncoder.initialRemoteServer(greeting, settings.name());
            byte[] bytes = Arrays.copyOf(greeting.array(), greeting.position());
            begin(transport, TunnelTerms.classic(false), Optional.of(bytes), ByteBuffer.allocate(0));
            return;
        }
        Hello hello =
                new Hello(Wire.VERSION, 0, instance, index, Opaque.nonce(random), Optional.empty(), settings.name());
        ClientGreeting greeting = new ClientGreeting(loop, transport, hello, settings.token(), new GreetingOutcome());
        attempt = greeting::abort;
        greeting.start(settings.greetingTimeout());
    }

    private void begin(Transport transport, TunnelTerms terms, Optional<byte[]> greeting, ByteBuffer rest) {
        attempt = null;
        if (stopping) {
            transport.close();
            return;
        }
        Tunnel fresh = new Tunnel(loop, transport, settings.tunnel(), terms, memory, new Owner());
        tunnel = fresh;
        up = true;
        proven = false;
        if (unproven) {
            log.debug("tunnel to {} is up again, for what that is worth", fresh.peerAddress());
        } else {
            log.info(
                    "tunnel to {} is up as remote {} ({}, {})",
                    fresh.peerAddress(),
                    settings.name(),
                    terms.dialect() == Dialect.EXTENDED ? "extended" : "classic",
                    transport.security());
            failing = false;
        }
        followers.forEach(TunnelKeeper::follow);
        timer = loop.timers().after(settings.backoffMax().toNanos(), this::worked);
        greeting.ifPresent(fresh::sendGreeting);
        fresh.start(rest);
    }

    /**
     * The server takes the name, and leaves it to us: it opened a stream, or let the tunnel stand for a while. A Welcome is
     * not enough, as two remotes that take one name from each other each get one every time.
     */
    private void worked() {
        if (unproven) {
            log.info("tunnel to {} as remote {} works again", Sockets.text(settings.server()), settings.name());
        }
        proven = true;
        unproven = false;
        failing = false;
        backoff.reset();
    }

    private void failed(String why) {
        attempt = null;
        if (stopping) {
            return;
        }
        failures.increment();
        lastFailure = Optional.of(why);
        long wait = backoff.nextNanos();
        String line = "no tunnel to {} as remote {}: {}; next try in {} ms";
        Object[] details = {Sockets.text(settings.server()), settings.name(), why, wait / 1_000_000};
        if (failing || isLed()) {
            log.debug(line, details);
        } else {
            log.warn(line + ", then quietly for ever", details);
            failing = true;
        }
        timer = loop.timers().after(wait, this::resolve);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private final class DialOutcome implements Dial.Outcome {
        @Override
        public void connected(SocketChannel channel) {
            dialled(channel);
        }

        @Override
        public void failed(IOException cause) {
            TunnelKeeper.this.failed(String.valueOf(cause.getMessage()));
        }
    }

    private final class HandshakeOutcome implements TlsHandshake.Outcome {
        @Override
        public void connected(Transport transport) {
            greet(transport);
        }

        @Override
        public void failed(String why) {
            TunnelKeeper.this.failed("TLS: " + why);
        }
    }

    private final class GreetingOutcome implements ClientGreeting.Outcome {
        @Override
        public void welcomed(Transport transport, Welcome welcome, ByteBuffer rest) {
            if (welcome.initialWindow() > settings.tunnel().tunnelBuffer()) {
                transport.close();
                TunnelKeeper.this.failed("the server's initial window of " + welcome.initialWindow()
                        + " bytes is more than this side may keep (portproxy.client.tunnel-buffer)");
                return;
            }
            begin(transport, TunnelTerms.extended(false, welcome.initialWindow()), Optional.empty(), rest);
        }

        @Override
        public void failed(String why) {
            TunnelKeeper.this.failed(why);
        }
    }

    private final class Owner implements TunnelOwner {
        @Override
        public void open(Tunnel from, Open open) throws ProtocolException {
            worked();
            targets.open(from, open);
        }

        @Override
        public TunnelTotals totals() {
            return tunnelTotals;
        }

        @Override
        public void streamsOver(Tunnel ended) {
            // What was complete has been delivered.
        }

        @Override
        public void closed(Tunnel ended, Reason reason, String detail) {
            cancelTimer();
            tunnel = null;
            up = false;
            unproven = !proven;
            if (stopping) {
                log.info("tunnel to {} is closed: {}", ended.peerAddress(), detail);
                stopped.complete(null);
            } else {
                failed(reason.text() + ": " + detail);
            }
        }
    }
}
