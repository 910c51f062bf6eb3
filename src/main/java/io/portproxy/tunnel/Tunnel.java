package io.portproxy.tunnel;

import io.portproxy.mux.ClassicSession;
import io.portproxy.mux.ExtendedSession;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.mux.Session;
import io.portproxy.mux.SessionLimits;
import io.portproxy.net.CleanClose;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One tunnel behind its greeting, in either role: joins the parts that have a job each, says when its connection is read and
 * written, and ends when it is told to, or has to:
 *
 * <table>
 *   <caption>Ways to end</caption>
 *   <tr><th>how</th><th>streams</th><th>the peer is told</th><th>the connection ends with</th></tr>
 *   <tr><td>{@link #drain}</td><td>may end</td><td>GoAway</td><td>a FIN, when all is told</td></tr>
 *   <tr><td>{@link #drain}, whose grace is over</td><td>are reset</td><td>GoAway, before</td><td>a RST</td></tr>
 *   <tr><td>{@link #dismiss}</td><td>are reset</td><td>GoAway</td><td>a FIN</td></tr>
 *   <tr><td>{@link #lose}, {@link #abort}</td><td>are reset</td><td>nothing</td><td>what the system sends at a close</td></tr>
 * </table>
 *
 * <p>Everything runs on the tunnel's loop. From outside, go through {@link EventLoop#execute}.
 */
public final class Tunnel implements Carrier, ReadyHandler {
    private final EventLoop loop;
    private final Transport transport;
    private final String peerAddress;
    private final String security;
    private final Instant since = Instant.now();
    private final Duration lingerTimeout;
    private final int maxStreams;
    private final TunnelTerms terms;
    private final TunnelOwner owner;
    private final Session session;
    private final InstructionReader reader;
    private final TunnelWriter writer;
    private final Outgoing outgoing;
    private final Liveness liveness;
    private final TunnelStreams streams;
    private final GoingAway goingAway;
    private final HeldCloses heldCloses;
    private final TunnelPause pause;
    private final InstructionTrace trace;
    private final TunnelHandle handle;
    private final Runnable turnEnd = this::endTurn;
    private final Runnable onFailure = this::abort;
    private boolean turnEndQueued;
    private @Nullable SelectionKey key;
    private boolean closed;
    private final AtomicLong leaving = new AtomicLong(); // bytes that have not left, for other threads

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
        this.lingerTimeout = settings.lingerTimeout();
        this.maxStreams = settings.maxStreams();
        this.terms = terms;
        this.owner = owner;
        boolean isExtended = terms.dialect() == Dialect.EXTENDED;
        Subject subject = new Subject();
        this.trace = new InstructionTrace(this, subject::logFields);
        this.writer = new TunnelWriter(loop, transport, isExtended, subject, trace);
        this.outgoing = new Outgoing(writer);
        this.heldCloses = new HeldCloses(loop, outgoing::sendCloseConnectionNow);
        this.goingAway = new GoingAway(loop, isExtended, outgoing, subject);
        this.liveness = new Liveness(
                loop, terms, settings.heartbeatInterval(), settings.idleTimeout(), writer, outgoing, subject);
        SessionLimits limits = settings.sessionLimits(terms.initialWindow());
        InstructionDecoder decoder;
        if (isExtended) {
            ExtendedSession extended =
                    new ExtendedSession(limits, terms.initialWindow(), outgoing, memory, loop::awakeNanos);
            session = extended;
            decoder = InstructionDecoder.extended(
                    new ExtendedInstructions(extended, terms.isServer(), subject, outgoing, liveness, goingAway));
        } else {
            session = new ClassicSession(limits, outgoing, memory, loop::awakeNanos);
            decoder = InstructionDecoder.classic(new ClassicInstructions(session, subject));
        }
        this.reader = new InstructionReader(loop, transport, decoder, subject, trace);
        this.pause = new TunnelPause(loop, session, settings.stallTimeout(), owner.totals(), subject);
        StreamContext context =
                new StreamContext(loop, session, writer, settings.streamLimits(terms.dialect()), subject);
        this.streams = new TunnelStreams(
                context, isExtended, maxStreams, writer, outgoing, owner.totals(), owner.events(), subject);
        this.handle = new TunnelHandle(
                streams,
                this::view,
                () -> dismiss(Reason.CLOSED_BY_ADMINISTRATOR, "an administrator has disconnected the remote"));
        owner.totals().addOpened();
    }

    /**
     * Begins to read.
     *
     * @param first bytes that came behind the greeting, to be decoded before any other
     */
    public void start(ByteBuffer first) {
        try {
            begin(first);
        } catch (IOException e) {
            lose(Reason.TUNNEL_LOST, String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            loop.failed(this, e);
            abort();
        }
    }

    private void begin(ByteBuffer first) throws IOException {
        key = loop.register(transport.socket(), SelectionKey.OP_READ, this);
        liveness.start();
        if (terms.dialect() == Dialect.EXTENDED) {
            writer.ping(); // what grows by the round trip need not wait for the first sign of life
        }
        reader.decode(first);
        endTurnSoon(); // also reads what the transport holds
    }

    @Override
    public TunnelHandle handle() {
        return handle;
    }

    /** What it is like now. Any thread. */
    private TunnelView view() {
        long roundTrip = liveness.roundTripNanos();
        return new TunnelView(
                peerAddress,
                terms.dialect() == Dialect.EXTENDED ? "extended" : "classic",
                security,
                since,
                streams.load(),
                roundTrip < 0 ? Optional.empty() : Optional.of(roundTrip),
                streams.isAvailable(),
                leaving.getOpaque(),
                session.waiting());
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Dialect dialect() {
        return terms.dialect();
    }

    @Override
    public boolean isAvailable() {
        return streams.isAvailable();
    }

    @Override
    public int load() {
        return streams.load();
    }

    @Override
    public boolean takesMore() {
        return streams.takesMore();
    }

    @Override
    public void open(Open open, SocketChannel user, StreamInput input, StreamTotals totals, long acceptedAt) {
        streams.open(open, user, input, totals, acceptedAt);
    }

    /** Sends this side's last word of the greeting, ahead of everything else. At most 4 KiB. */
    public void sendGreeting(byte[] greeting) {
        outgoing.sendGreeting(greeting);
    }

    @Override
    public void drain(Duration grace) {
        if (!closed) {
            goingAway.drain(grace);
        }
    }

    @Override
    public void dismiss(Reason reason, String detail) {
        if (!closed && terms.dialect() == Dialect.EXTENDED && !writer.isBlocked()) {
            outgoing.sendGoAway(reason, 0);
            writer.flush();
        }
        end(reason, detail, this::closeCleanly);
    }

    /** Ends the tunnel at once: resets its streams and tells its owner. */
    public void lose(Reason reason, String detail) {
        end(reason, detail, transport::close);
    }

    private void end(Reason reason, String detail, Runnable close) {
        if (closed) {
            return;
        }
        closed = true;
        streams.takeNoMore();
        loop.guarded(pause::end);
        loop.guarded(liveness::stop);
        loop.guarded(goingAway::stop);
        loop.guarded(heldCloses::stop);
        cutStreams(reason);
        loop.guarded(writer::close);
        leaving.setOpaque(0);
        loop.guarded(close);
        loop.guarded(() -> owner.totals().addClosed(peerAddress, reason, detail));
        loop.guarded(() -> owner.closed(this, reason, detail));
    }

    /** Whatever one of them throws when it is cut, the next one is cut, too; each pass has at least one less. */
    private void cutStreams(Reason reason) {
        for (int passes = session.live(); passes >= 0; passes--) {
            try {
                session.cut(reason);
                return;
            } catch (Throwable e) {
                loop.failed(this, e);
            }
        }
    }

    @Override
    public void abort() {
        lose(Reason.GOING_AWAY, "its event loop has ended, or a bug was met");
    }

    @Override
    public void ready(int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            endTurnSoon();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            reader.read();
            if (!closed && reader.hasBuffered()) {
                endTurnSoon();
            }
        }
    }

    /** Has all that waits written, and streams served, when this turn of the loop ends. */
    private void endTurnSoon() {
        if (!turnEndQueued) {
            loop.afterTurn(turnEnd, onFailure);
            turnEndQueued = true; // not if that threw
            trace.look();
        }
    }

    private void endTurn() {
        turnEndQueued = false;
        if (isRead() && reader.hasBuffered()) {
            reader.read();
        }
        writer.serveTurns();
        if (!closed) {
            if (writer.hasTurns() || (!pause.isOn() && reader.hasBuffered())) {
                endTurnSoon();
            }
            updateInterest();
            leaving.setOpaque(writer.size());
            if (goingAway.isDrained()) {
                end(Reason.GOING_AWAY, "all its streams have ended", this::closeCleanly);
            }
        }
    }

    private boolean isRead() {
        return !pause.isOn() && !closed;
    }

    private void updateInterest() {
        SelectionKey current = key;
        if (current == null || !current.isValid()) {
            return;
        }
        int ops = transport.interest(!pause.isOn(), writer.isBlocked());
        if (current.interestOps() != ops) {
            current.interestOps(ops);
        }
    }

    private void closeCleanly() {
        SelectionKey current = key;
        if (current == null) {
            transport.close();
        } else {
            CleanClose.start(loop, transport, current, lingerTimeout);
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
        public void sendCloseConnection(long identity) {
            if (terms.isServer() && !closed) {
                heldCloses.hold(identity);
            } else {
                super.sendCloseConnection(identity);
            }
        }

        void sendCloseConnectionNow(long identity) {
            super.sendCloseConnection(identity);
        }

        @Override
        public long roundTripNanos() {
            return liveness.roundTripNanos();
        }

        @Override
        void failed(Throwable cause) {
            loop.failed(Tunnel.this, cause);
            abort();
        }

        @Override
        public void reading(boolean allowed) {
            if (closed) {
                return;
            }
            if (allowed) {
                pause.end();
                liveness.readsAgain(); // what was silent was this side
                endTurnSoon();
            } else {
                pause.begin();
            }
            updateInterest();
        }
    }

    /** What its parts see of it, and tell it. */
    private final class Subject
            implements InstructionReader.Subject,
                    TunnelWriter.Subject,
                    Liveness.Subject,
                    GoingAway.Subject,
                    TunnelPause.Subject,
                    TunnelStreams.Subject,
                    StreamContext.Owner,
                    PeerRequests {
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
        public void taken() {
            liveness.taken();
        }

        @Override
        public void endTurnSoon() {
            Tunnel.this.endTurnSoon();
        }

        @Override
        public void open(Open open) throws ProtocolException {
            owner.open(streams, open);
        }

        @Override
        public void closed(long identity) {
            heldCloses.drop(identity);
            if (goingAway.isDraining()) {
                Tunnel.this.endTurnSoon(); // that may have been the last
            }
        }

        @Override
        public void counted(int live) {
            heldCloses.shrinkTo(maxStreams - live);
        }

        @Override
        public void streamEnded() {
            streams.count();
            if (goingAway.isDraining() && !closed) {
                Tunnel.this.endTurnSoon();
            }
            if (closed && streams.load() == 0) {
                loop.guarded(() -> owner.streamsOver(Tunnel.this));
            }
        }

        @Override
        public void takeNoMore() {
            streams.takeNoMore();
        }

        @Override
        public int live() {
            return session.live();
        }

        @Override
        public boolean hasToldAll() {
            return heldCloses.isEmpty() && writer.size() == 0;
        }

        /** A clean end would say that the streams were complete. */
        @Override
        public void cut(Reason reason, String detail) {
            end(reason, detail, transport::reset);
        }

        @Override
        public LogFields logFields() {
            return owner.events().logFields();
        }

        @Override
        public void abort() {
            Tunnel.this.abort();
        }

        @Override
        public void ended() {
            Reason reason = goingAway.peersReason();
            if (reason == Reason.GOING_AWAY) {
                session.keepComplete(); // it closes when all its streams are over
            }
            lose(reason, "the peer closed the tunnel");
        }

        @Override
        public void lose(IOException cause) {
            lose(Reason.TUNNEL_LOST, String.valueOf(cause.getMessage()));
        }

        @Override
        public void lose(Reason reason, String detail) {
            Tunnel.this.lose(reason, detail);
        }

        @Override
        public String toString() {
            return Tunnel.this.toString();
        }
    }
}
