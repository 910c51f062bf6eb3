package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.Tunnel;
import io.portproxy.tunnel.TunnelControl;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.TunnelOwner;
import io.portproxy.tunnel.TunnelStreams;
import io.portproxy.tunnel.connection.TunnelTerms;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one of a remote's tunnels to a proxy server up, and never stops trying. The first tunnel leads: the others connect only while it is
 * up. So only one of them tries to reach a server that is away, and if two remotes want one name, the name moves with all of its tunnels.
 *
 * <pre>
 *   AWAY --its time has come--> CONNECTING --> UP --the server has shown that it takes the name--> PROVEN
 *     ^                             |          |                                                     |
 *     +---------------------------failed------lost---------------------------------------------------+
 *
 *   UP, PROVEN --this side stops--> DRAINING --the tunnel has ended--> STOPPED
 *   AWAY, CONNECTING --this side stops--> STOPPED
 * </pre>
 *
 * A {@link ConnectAttempt} always ends. Any exception counts as a failed attempt, and a next attempt always follows.
 * {@link #start}, {@link #stop}, {@link #isUp} and {@link #tunnel} may be called from any thread; all else is on the tunnel's loop.
 */
final class TunnelKeeper {
    private static final Logger log = LoggerFactory.getLogger(TunnelKeeper.class);

    /** The states, on the loop. Only the changes that are listed here are possible. */
    private enum State {
        /** There is no tunnel. A timer runs, or the first tunnel must come up first. */
        AWAY,
        CONNECTING,
        /** There is a tunnel. */
        UP,
        /** There is a tunnel, and the server has opened a stream in it or has kept it open for a while. */
        PROVEN,
        /** There is a tunnel. Its streams have time to end. */
        DRAINING,
        STOPPED;

        boolean leadsTo(State next) {
            return switch (this) {
                case AWAY -> next == CONNECTING || next == STOPPED || next == AWAY; // a second failure: a new pause
                case CONNECTING -> next == UP || next == AWAY || next == STOPPED;
                case UP -> next == PROVEN || next == AWAY || next == DRAINING;
                case PROVEN -> next == AWAY || next == DRAINING;
                case DRAINING -> next == STOPPED;
                case STOPPED -> false;
            };
        }
    }

    private final ClientContext context;
    private final ClientSettings settings;
    private final ServerAddresses server;
    private final int index;
    private final EventLoop loop;
    private final Backoff backoff;
    private final KeeperLog lines;
    private final Targets targets;
    private final Optional<Exposures> exposures; // only for the first tunnel
    private final List<TunnelKeeper> followers = new ArrayList<>();
    private @Nullable TunnelKeeper leader;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile Optional<String> trouble = Optional.empty();
    private volatile State state = State.AWAY;
    private volatile @Nullable Tunnel tunnel;
    private @Nullable ConnectAttempt attempt; // the attempt in progress
    private Timers.@Nullable Timer timer; // for the pause, or for the age at which a tunnel is proven
    private long waitNanos; // the last pause

    /** @param index the number of the tunnel among this process's tunnels to the same server */
    TunnelKeeper(ClientContext context, ServerAddresses server, int index) {
        this.context = context;
        this.settings = context.settings();
        this.server = server;
        this.index = index;
        this.loop = context.loops().next();
        this.backoff = Backoff.of(settings.times());
        this.lines = new KeeperLog(context, server.text(), loop);
        this.targets = new Targets(
                settings.allow(),
                settings.times().connectTimeout(),
                context.resolver(),
                context.counts().of(loop),
                context.counts().datagrams(),
                context.counts().asked());
        this.exposures = index == 0 ? Optional.of(new Exposures(context, server.host(), loop)) : Optional.empty();
    }

    /** Makes another tunnel of the remote wait for this one. Must be called before either of them is started. */
    void leads(TunnelKeeper follower) {
        followers.add(follower);
        follower.leader = this;
    }

    /** Returns the state of the ports that it asks for. Any thread. */
    Stream<ExposureView> exposed() {
        return exposures.stream().flatMap(wishes -> wishes.view(server.text()));
    }

    void start() {
        loop.executeUnlessEnded(this::tryNow);
    }

    /** Returns whether it must wait because the first tunnel is not up. */
    private boolean isLed() {
        return leader != null && !leader.isUp();
    }

    /** Is called when the first tunnel is up. Any thread. */
    private void follow() {
        loop.executeUnlessEnded(() -> {
            if (state == State.AWAY) {
                cancelTimer();
                tryNow();
            }
        });
    }

    boolean isUp() {
        return tunnel != null;
    }

    /** Returns the tunnel while it is up. */
    Optional<TunnelHandle> tunnel() {
        return Optional.ofNullable(tunnel).map(Tunnel::handle);
    }

    /** Returns why the tunnel is not up; empty while it is up, and before the first failure. */
    Optional<String> trouble() {
        return isUp() ? Optional.empty() : trouble;
    }

    /** Accepts no new streams, lets existing streams end within {@code grace}, and closes the tunnel. */
    CompletableFuture<Void> stop(Duration grace) {
        boolean running = loop.executeUnlessEnded(() -> {
            Tunnel current = tunnel;
            if (current != null) {
                if (state != State.DRAINING) {
                    become(State.DRAINING);
                }
                current.drain(grace);
                return;
            }
            if (state != State.STOPPED) {
                become(State.STOPPED);
            }
            cancelTimer();
            if (attempt != null) {
                attempt.cancel();
            }
            stopped.complete(null);
        });
        if (!running) {
            stopped.complete(null);
        }
        return stopped;
    }

    private void tryNow() {
        timer = null;
        if (state != State.AWAY || isLed()) {
            return; // if it is led, follow() calls this method again when the first tunnel is up
        }
        become(State.CONNECTING);
        try {
            ConnectAttempt fresh = new ConnectAttempt(context, server, index, loop, new AttemptOutcome());
            attempt = fresh;
            fresh.start();
        } catch (Throwable e) { // otherwise nothing would start the next attempt
            failed("unforeseen: " + e, Optional.of(e));
        }
    }

    private void begin(Transport transport, TunnelTerms terms, Optional<byte[]> greeting, ByteBuffer rest) {
        Tunnel fresh;
        try {
            fresh = new Tunnel(
                    loop,
                    transport,
                    Sockets.remote(transport.socket()),
                    settings.tunnel(),
                    terms,
                    context.memory(),
                    new Owner());
        } catch (Throwable e) {
            transport.reset();
            failed("unforeseen: " + e, Optional.of(e));
            return;
        }
        tunnel = fresh;
        try {
            become(State.UP);
            TunnelView view = fresh.handle().view();
            context.events().tunnelUp(view);
            lines.up(view);
            followers.forEach(TunnelKeeper::follow);
            timer = loop.timers().after(settings.times().backoffMax().toNanos(), this::worked);
            greeting.ifPresent(fresh::sendGreeting);
            exposures.ifPresent(wishes -> wishes.begin(fresh, terms));
            fresh.start(rest);
        } catch (Throwable e) {
            log.error("a bug: the tunnel to {} could not be started", server.text(), e);
            fresh.lose(Reason.TUNNEL_LOST, "unforeseen: " + e); // calls closed() of the owner
        }
    }

    /**
     * Is called when the server has accepted the name and has not given it to another remote: it has opened a stream, or kept the tunnel
     * open for a while. A Welcome is not enough. If two remotes take one name from each other, each of them gets a Welcome every time.
     */
    private void worked() {
        lines.proven();
        if (state == State.UP) {
            become(State.PROVEN);
        }
        backoff.reset();
    }

    /** Is called when an attempt has failed. */
    private void failed(String why, Optional<Throwable> unforeseen) {
        attempt = null;
        if (state != State.STOPPED) {
            dialLater(why);
            context.events().remote().dialFailed(server.text(), why);
            lines.failed("", why, unforeseen, waitNanos, isLed());
        }
    }

    /** Starts the timer for the next attempt. Callers do this first, so that a later exception cannot prevent the attempt. */
    private void dialLater(String why) {
        become(State.AWAY);
        cancelTimer();
        waitNanos = backoff.nextNanos();
        timer = loop.timers().after(waitNanos, this::tryNow);
        context.counts().failed(why);
        trouble = Optional.of(why);
    }

    private void become(State next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException(this + ": " + state + " does not become " + next);
        }
        state = next;
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private final class AttemptOutcome implements ConnectAttempt.Outcome {
        @Override
        public void welcomed(Transport transport, TunnelTerms terms, Optional<byte[]> greeting, ByteBuffer rest) {
            attempt = null;
            begin(transport, terms, greeting, rest);
        }

        @Override
        public void failed(String why, Optional<Throwable> unforeseen) {
            TunnelKeeper.this.failed(why, unforeseen);
        }
    }

    private final class Owner implements TunnelOwner {
        @Override
        public void open(TunnelStreams streams, Open open) throws ProtocolException {
            worked();
            targets.open(streams, open);
        }

        @Override
        public void expose(ExposeInstruction answer) {
            exposures.ifPresent(wishes -> wishes.answered(answer));
        }

        @Override
        public TunnelTotals totals() {
            return context.counts().tunnels();
        }

        @Override
        public RemoteEvents events() {
            return context.events().remote();
        }

        @Override
        public void streamsOver(TunnelControl ended) {
            // Complete data has already been delivered.
        }

        @Override
        public void closed(TunnelControl ended, Reason reason, String detail) {
            cancelTimer();
            exposures.ifPresent(Exposures::end);
            tunnel = null;
            boolean stops = state == State.DRAINING;
            if (state == State.UP) {
                lines.didNotLast();
            }
            String why = reason.text() + ": " + detail;
            if (stops) {
                become(State.STOPPED);
            } else {
                dialLater(why);
            }
            TunnelView view = ended.handle().view();
            context.events().tunnelDown(view, reason, detail);
            if (stops) {
                lines.closed(view, reason, detail);
                stopped.complete(null);
            } else {
                lines.failed(reason.key(), why, Optional.empty(), waitNanos, isLed());
            }
        }
    }

    @Override
    public String toString() {
        return "tunnel " + index + " to " + server.text();
    }
}
