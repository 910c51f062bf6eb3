package io.portproxy.tunnel;

import io.portproxy.mux.ClassicSession;
import io.portproxy.mux.ExtendedSession;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.mux.PauseCause;
import io.portproxy.mux.Session;
import io.portproxy.mux.SessionLimits;
import io.portproxy.mux.Stream;
import io.portproxy.net.CleanClose;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogLimit;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One tunnel behind its greeting, in either role: has instructions read and handed to its {@link Session}, opens and takes
 * streams, and ends when it is told to, or has to.
 *
 * <p>Everything runs on the tunnel's loop. From outside, go through {@link EventLoop#execute}.
 */
public final class Tunnel implements ReadyHandler {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    /** With more than this waiting to leave, no stream is added: those that are there bound the rest. */
    private static final int MAX_CONTROL_QUEUED = 1024 * 1024;

    private static final int LOOKS_PER_STALL = 8;

    /** Lines about streams that came to nothing, or were dropped, that are seen in ten seconds. */
    private static final int FAILURES_LOGGED = 10;

    private final EventLoop loop;
    private final Transport transport;
    private final String peerAddress;
    private final String security;
    private final Instant since = Instant.now();
    private final TunnelSettings settings;
    private final TunnelTerms terms;
    private final TunnelOwner owner;
    private final Session session;
    private final InstructionReader reader;
    private final TunnelWriter writer;
    private final Outgoing outgoing;
    private final Liveness liveness;
    private final LogLimit refusals;
    private final LogLimit failures;
    private @Nullable SelectionKey key;
    private Timers.@Nullable Timer stallTimer;
    private Timers.@Nullable Timer drainTimer;
    private boolean reading = true;
    private boolean draining;
    private boolean closed;
    private boolean peerHasLeft;
    private PauseCause pauseCause = PauseCause.TUNNEL_BUFFER; // of the pause that there is
    private long pausedAt;
    private final AtomicLong leaving = new AtomicLong(); // bytes that have not left, for other threads
    private Reason peerLeaves = Reason.TUNNEL_LOST; // why the peer closes, if it has said so
    private volatile boolean available = true;
    private volatile int load;
    private volatile long roundTripNanos = -1;

    /**
     * @param loop the loop that will own the tunnel
     * @param transport the tunnel's connection behind its greeting
     * @param memory what all tunnels of the process share
     */
    public Tunnel(
            EventLoop loop,
            Transport transport,
            TunnelSettings settings,
            TunnelTerms terms,
            MemoryCeiling memory,
            TunnelOwner owner) {
        this.loop = loop;
        this.transport = transport;
        this.peerAddress = Sockets.remote(transport.socket());
        this.security = transport.security();
        this.settings = settings;
        this.terms = terms;
        this.owner = owner;
        this.refusals = new LogLimit(loop::nanoTime, FAILURES_LOGGED);
        this.failures = new LogLimit(loop::nanoTime, FAILURES_LOGGED);
        this.writer = new TunnelWriter(loop, transport, terms.dialect() == Dialect.EXTENDED, new WriterSubject());
        this.outgoing = new Outgoing(writer);
        this.liveness = new Liveness(loop, settings, terms, new LivenessSubject());
        SessionLimits limits = new SessionLimits(
                settings.streamBuffer(),
                settings.tunnelBuffer(),
                settings.stallTimeout().toNanos(),
                settings.maxStreams(),
                terms.initialWindow(),
                Math.max(terms.initialWindow(), settings.maxWindow()));
        InstructionDecoder decoder;
        if (terms.dialect() == Dialect.EXTENDED) {
            ExtendedSession extended =
                    new ExtendedSession(limits, terms.initialWindow(), outgoing, memory, loop::nanoTime);
            session = extended;
            decoder = InstructionDecoder.extended(new ExtendedInstructions(this, extended));
        } else {
            session = new ClassicSession(limits, outgoing, memory, loop::nanoTime);
            decoder = InstructionDecoder.classic(new ClassicInstructions(this, session));
        }
        reader = new InstructionReader(loop, transport, decoder, new ReaderSubject());
        owner.totals().addOpened();
    }

    /**
     * Begins to read.
     *
     * @param first bytes that came behind the greeting, to be decoded before any other
     */
    public void start(ByteBuffer first) {
        try {
            key = loop.register(transport.socket(), SelectionKey.OP_READ, this);
        } catch (IOException e) {
            lose(Reason.TUNNEL_LOST, String.valueOf(e.getMessage()));
            return;
        }
        liveness.start();
        if (terms.dialect() == Dialect.EXTENDED) {
            writer.ping(); // what grows by the round trip need not wait for the first sign of life
        }
        reader.decode(first);
        writer.flushSoon(); // also reads what the transport holds
    }

    /** The peer's address, for logs. */
    public String peerAddress() {
        return peerAddress;
    }

    /** How the tunnel is protected: {@code plain}, or TLS's version and cipher suite. */
    public String security() {
        return security;
    }

    /** When it came up. */
    public Instant since() {
        return since;
    }

    /** For those who watch and administer it, on any thread. */
    public TunnelHandle handle() {
        return new TunnelHandle(this);
    }

    /** The loop that owns this tunnel. */
    public EventLoop loop() {
        return loop;
    }

    /** Streams that are not closed. Any thread. */
    public int load() {
        return load;
    }

    /** Bytes that wait for the peer to take them, as of the end of the loop's last turn. Any thread. */
    long leaving() {
        return leaving.getOpaque();
    }

    /** Bytes that wait for the sockets of its streams. Any thread. */
    long arrived() {
        return session.waiting();
    }

    /** The round trip last measured in nanoseconds, negative before the first. Any thread. */
    public long roundTripNanos() {
        return roundTripNanos;
    }

    /** What is spoken. */
    public Dialect dialect() {
        return terms.dialect();
    }

    RemoteEvents events() {
        return owner.events();
    }

    /** For what any user, or a target that is down, can cause at will. */
    LogLimit failures() {
        return failures;
    }

    TunnelSettings settings() {
        return settings;
    }

    TunnelWriter writer() {
        return writer;
    }

    Session session() {
        return session;
    }

    /** The peer opens a stream. */
    void openedByPeer(Open open) throws ProtocolException {
        owner.open(this, open);
    }

    /** The peer asks for a sign of life. One that does not read gets no more of them. */
    void pinged(long opaque) {
        if (writer.size() < MAX_CONTROL_QUEUED) {
            outgoing.sendPong(opaque);
        }
    }

    /** The peer has answered our ping, whose opaque number is when it was sent. */
    void ponged(long opaque) {
        long roundTrip = writer.ponged(opaque);
        if (roundTrip >= 0) {
            roundTripNanos = roundTrip;
        }
    }

    /** The peer takes no new streams. */
    void peerGoesAway(Reason reason, long deadlineMillis) {
        if (peerHasLeft) {
            return; // it has said so before
        }
        peerHasLeft = true;
        available = false;
        peerLeaves = reason;
        events().logFields()
                .andReason(reason.key())
                .log(() -> log.info("{}: the peer goes away within {} ms: {}", this, deadlineMillis, reason.text()));
    }

    /** Whether the tunnel is up, is not being drained, and has fewer streams than it may. Any thread. */
    public boolean isAvailable() {
        return available && load < settings.maxStreams();
    }

    /** Whether the tunnel can take another stream: it is up, not being drained, and within its limits. */
    public boolean takesStreams() {
        return available && session.hasRoom() && writer.size() < MAX_CONTROL_QUEUED;
    }

    /**
     * Opens a stream for a user's connection; needs {@link #takesStreams}. The proxy server's side.
     *
     * @param totals the exposed port's on this tunnel's loop
     * @param acceptedAt when the user connected, on the clock of the loops
     */
    public void openStream(Open open, SocketChannel user, StreamInput input, StreamTotals totals, long acceptedAt) {
        StreamSocket socket = StreamSocket.ofUser(this, user, input, open.userAddress(), totals, acceptedAt);
        Stream stream;
        try {
            stream = session.add(open.identity(), socket);
        } catch (ProtocolException e) {
            throw new IllegalStateException("an identity was given twice", e);
        }
        load = session.live();
        if (terms.dialect() == Dialect.EXTENDED) {
            outgoing.sendOpen(open);
        } else {
            outgoing.sendInitialConnection(open);
        }
        socket.start(stream);
    }

    /**
     * Takes a stream that the peer has opened and dials its target. The remote's side.
     *
     * @param name the target's host and port, for logs
     * @param totals the remote's on this tunnel's loop
     * @throws ProtocolException the identity is in use
     */
    public void acceptStream(Open open, String name, TargetAddress target, Duration connectTimeout, StreamTotals totals)
            throws ProtocolException {
        if (!takesStreams()) {
            refuseStream(open, name, available ? Reason.LIMIT : Reason.GOING_AWAY, "no more streams are taken");
            return;
        }
        SocketChannel channelToTarget;
        try {
            channelToTarget = SocketChannel.open();
        } catch (IOException e) {
            refuseStream(open, name, Reason.TARGET_UNREACHABLE, String.valueOf(e.getMessage()));
            return;
        }
        StreamSocket socket = StreamSocket.ofTarget(this, channelToTarget, name, open.userAddress(), totals);
        Stream stream;
        try {
            stream = session.add(open.identity(), socket);
        } catch (ProtocolException e) {
            Sockets.close(channelToTarget);
            throw e;
        }
        load = session.live();
        socket.connect(stream, target, connectTimeout);
    }

    /**
     * Answers a stream that cannot be had, and tells why.
     *
     * @param target the target's host and port, as the peer named them
     */
    public void refuseStream(Open open, String target, Reason reason, String why) {
        owner.totals().addRefused(reason);
        String identity = Identity.format(open.identity());
        events().streamRefused(open.identity(), open.userAddress(), target, reason, why);
        events().logFields()
                .andIdentity(identity)
                .andReason(reason.key())
                .log(() -> refusals.log(
                        log,
                        Level.WARN,
                        "stream {} to {} for {} refused: {}: {}",
                        identity,
                        target,
                        open.userAddress().orElse("a user"),
                        reason.text(),
                        why));
        if (writer.size() > 2 * MAX_CONTROL_QUEUED) {
            lose(Reason.LIMIT, "the peer opens streams without reading the answers");
        } else if (terms.dialect() == Dialect.EXTENDED) {
            outgoing.sendReset(open.identity(), reason);
        } else {
            outgoing.sendCloseConnection(open.identity());
        }
    }

    /** Sends this side's last word of the greeting, ahead of everything else. At most 4 KiB. */
    public void sendGreeting(byte[] greeting) {
        outgoing.sendGreeting(greeting);
    }

    /** Takes no new streams, lets the others end, at most for {@code grace}, and closes the tunnel. */
    public void drain(Duration grace) {
        if (!closed && !draining) {
            draining = true;
            available = false;
            if (terms.dialect() == Dialect.EXTENDED) {
                outgoing.sendGoAway(Reason.GOING_AWAY, Math.min(grace.toMillis(), 0xffff_ffffL));
            }
            if (session.live() > 0) {
                events().logFields()
                        .log(() -> log.info("{}: {} streams may take up to {} to end", this, session.live(), grace));
            }
            drainTimer = loop.timers()
                    .after(
                            grace.toNanos(),
                            () -> lose(
                                    Reason.GOING_AWAY,
                                    session.live() + " streams were reset, which had not ended within " + grace,
                                    transport::reset)); // a clean end would say that they were complete
            writer.flushSoon();
        }
    }

    /** As {@link #lose}, but a peer that still listens is told why. */
    public void dismiss(Reason reason, String detail) {
        if (!closed && terms.dialect() == Dialect.EXTENDED && !writer.isBlocked()) {
            outgoing.sendGoAway(reason, 0);
            writer.flush();
        }
        if (!closed) {
            end(reason);
            closeCleanly();
            owner.closed(this, reason, detail);
        }
    }

    /** Ends the tunnel at once: resets its streams and tells its owner. */
    public void lose(Reason reason, String detail) {
        lose(reason, detail, transport::close);
    }

    private void lose(Reason reason, String detail, Runnable close) {
        if (!closed) {
            end(reason);
            close.run();
            owner.closed(this, reason, detail);
        }
    }

    private void end(Reason reason) {
        closed = true;
        available = false;
        owner.totals().addClosed(reason);
        if (!reading) {
            pauseEnded();
        }
        liveness.stop();
        cancel(stallTimer);
        cancel(drainTimer);
        session.cut(reason);
        writer.close();
        leaving.setOpaque(0);
    }

    @Override
    public void abort() {
        lose(Reason.GOING_AWAY, "its event loop has ended, or a bug was met");
    }

    @Override
    public void ready(int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            writer.flushSoon();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            reader.read();
            if (!closed && reader.hasBuffered()) {
                writer.flushSoon();
            }
        }
    }

    /** A stream has ended, cleanly or not. */
    void streamEnded() {
        load = session.live();
        if (draining && !closed) {
            writer.flushSoon();
        }
        if (closed && load == 0) {
            owner.streamsOver(this);
        }
    }

    private void endTurn() {
        if (isRead() && reader.hasBuffered()) {
            reader.read();
        }
        writer.serveTurns();
        if (!closed) {
            if (writer.hasTurns() || (reading && reader.hasBuffered())) {
                writer.flushSoon();
            }
            updateInterest();
            leaving.setOpaque(writer.size());
            closeIfDrained();
        }
    }

    private void pauseEnded() {
        owner.totals().addPaused(pauseCause, loop.nanoTime() - pausedAt);
    }

    private boolean isRead() {
        return reading && !closed;
    }

    private void updateInterest() {
        SelectionKey current = key;
        if (current == null || !current.isValid()) {
            return;
        }
        int ops = transport.interest(reading, writer.isBlocked());
        if (current.interestOps() != ops) {
            current.interestOps(ops);
        }
    }

    private void watchStall() {
        stallTimer = loop.timers().after(settings.stallTimeout().toNanos() / LOOKS_PER_STALL, () -> {
            session.checkStall();
            if (!reading && !closed) {
                watchStall();
            }
        });
    }

    private void closeIfDrained() {
        if (draining && session.live() == 0 && writer.size() == 0) {
            end(Reason.GOING_AWAY);
            closeCleanly();
            owner.closed(this, Reason.GOING_AWAY, "all its streams have ended");
        }
    }

    private void closeCleanly() {
        SelectionKey current = key;
        if (current == null) {
            transport.close();
        } else {
            CleanClose.start(loop, transport, current, settings.lingerTimeout());
        }
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public String toString() {
        return "tunnel with " + peerAddress;
    }

    /** What the session asks for. */
    private final class Outgoing extends ControlWriter {
        Outgoing(TunnelWriter writer) {
            super(writer);
        }

        @Override
        public long roundTripNanos() {
            return roundTripNanos;
        }

        @Override
        public void reading(boolean allowed) {
            if (closed) {
                return;
            }
            reading = allowed;
            updateInterest();
            cancel(stallTimer);
            if (allowed) {
                pauseEnded();
                liveness.heard(); // what was silent was this side
                writer.flushSoon();
            } else {
                pauseCause = session.pauseCause();
                pausedAt = loop.nanoTime();
                owner.totals().addPause(pauseCause);
                if (log.isDebugEnabled()) {
                    String line = "{} is not read until {} bytes that wait have gone";
                    events().logFields().log(() -> log.debug(line, Tunnel.this, session.waiting()));
                }
                watchStall();
            }
        }
    }

    private final class ReaderSubject implements InstructionReader.Subject {
        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public boolean isReading() {
            return isRead();
        }

        @Override
        public void heard() {
            liveness.heard();
        }

        @Override
        public void lose(Reason reason, String detail) {
            Tunnel.this.lose(reason, detail);
        }

        @Override
        public void ended() {
            if (peerLeaves == Reason.GOING_AWAY) {
                session.keepComplete(); // it closes when all its streams are over
            }
            Tunnel.this.lose(peerLeaves, "the peer closed the tunnel");
        }
    }

    private final class WriterSubject implements TunnelWriter.Subject {
        @Override
        public void taken() {
            liveness.taken();
        }

        @Override
        public void endTurn() {
            Tunnel.this.endTurn();
        }

        @Override
        public void lose(IOException cause) {
            Tunnel.this.lose(Reason.TUNNEL_LOST, String.valueOf(cause.getMessage()));
        }
    }

    private final class LivenessSubject implements Liveness.Subject {
        @Override
        public void sendSignOfLife() {
            if (writer.isBlocked()) {
                return; // the bytes that wait are a sign of life
            }
            if (terms.dialect() == Dialect.EXTENDED) {
                writer.ping();
            } else {
                outgoing.sendHeartbeat();
            }
        }

        @Override
        public boolean isBlocked() {
            return writer.isBlocked();
        }

        @Override
        public boolean isReading() {
            return reading;
        }

        @Override
        public void lose(Reason reason, String detail) {
            Tunnel.this.lose(reason, detail);
        }
    }
}
