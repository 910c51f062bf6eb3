package io.portproxy.tunnel;

import io.portproxy.mux.ClassicSession;
import io.portproxy.mux.ExtendedSession;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.mux.Session;
import io.portproxy.mux.SessionLimits;
import io.portproxy.net.CleanClose;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One tunnel behind its greeting, in either role: joins the parts that have a job each, says when its connection is read and
 * written, and ends when it is told to, or has to.
 *
 * <p>Everything runs on the tunnel's loop. From outside, go through {@link EventLoop#execute}.
 */
public final class Tunnel implements ReadyHandler {
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
    private final TunnelStreams streams;
    private final GoingAway goingAway;
    private final HeldCloses heldCloses;
    private final TunnelPause pause = new TunnelPause(this);
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
        this.settings = settings;
        this.terms = terms;
        this.owner = owner;
        Subject subject = new Subject();
        InstructionTrace trace = new InstructionTrace(this, () -> owner.events().logFields());
        this.writer = new TunnelWriter(loop, transport, terms.dialect() == Dialect.EXTENDED, subject, trace);
        this.outgoing = new Outgoing(writer);
        this.heldCloses = new HeldCloses(loop, outgoing::sendCloseConnectionNow);
        this.streams = new TunnelStreams(this, outgoing);
        this.goingAway = new GoingAway(this, outgoing);
        this.liveness = new Liveness(loop, settings, terms, writer, outgoing, subject);
        SessionLimits limits = settings.sessionLimits(terms.initialWindow());
        InstructionDecoder decoder;
        if (terms.dialect() == Dialect.EXTENDED) {
            ExtendedSession extended =
                    new ExtendedSession(limits, terms.initialWindow(), outgoing, memory, loop::awakeNanos);
            session = extended;
            decoder = InstructionDecoder.extended(
                    new ExtendedInstructions(this, extended, terms.isServer(), outgoing, liveness, goingAway));
        } else {
            session = new ClassicSession(limits, outgoing, memory, loop::awakeNanos);
            decoder = InstructionDecoder.classic(new ClassicInstructions(this, session));
        }
        reader = new InstructionReader(loop, transport, decoder, subject, trace);
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

    /** Those that it has, and how it gets them. */
    public TunnelStreams streams() {
        return streams;
    }

    /** The loop that owns this tunnel. */
    public EventLoop loop() {
        return loop;
    }

    /** Bytes that wait for the peer to take them, as of the end of the loop's last turn. Any thread. */
    long leaving() {
        return leaving.getOpaque();
    }

    /** The round trip last measured in nanoseconds, negative before the first. Any thread. */
    public long roundTripNanos() {
        return liveness.roundTripNanos();
    }

    /** What is spoken. */
    public Dialect dialect() {
        return terms.dialect();
    }

    /** The peer has closed a stream in the classic dialect. */
    void peerClosed(long identity) {
        heldCloses.drop(identity);
        if (goingAway.isDraining()) {
            writer.flushSoon(); // that may have been the last
        }
    }

    /** What must not wait any longer, as so many streams are live. */
    void makeRoom(int live) {
        heldCloses.shrinkTo(settings.maxStreams() - live);
    }

    /** Whether all that is to be told of streams that have ended has been told, or need not be. */
    boolean hasToldEnds() {
        return heldCloses.isEmpty();
    }

    TunnelOwner owner() {
        return owner;
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

    /** Sends this side's last word of the greeting, ahead of everything else. At most 4 KiB. */
    public void sendGreeting(byte[] greeting) {
        outgoing.sendGreeting(greeting);
    }

    /** Takes no new streams, lets the others end, at most for {@code grace}, and closes the tunnel. */
    public void drain(Duration grace) {
        if (!closed) {
            goingAway.drain(grace);
        }
    }

    /** As {@link #lose}, but a peer that still listens is told why. */
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

    /** As {@link #lose}, but with a RST: a clean end would say that the streams were complete. */
    void cut(Reason reason, String detail) {
        end(reason, detail, transport::reset);
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
        streams.count();
        if (goingAway.isDraining() && !closed) {
            writer.flushSoon();
        }
        if (closed && streams.load() == 0) {
            loop.guarded(() -> owner.streamsOver(this));
        }
    }

    private void endTurn() {
        if (isRead() && reader.hasBuffered()) {
            reader.read();
        }
        writer.serveTurns();
        if (!closed) {
            if (writer.hasTurns() || (!pause.isOn() && reader.hasBuffered())) {
                writer.flushSoon();
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
            CleanClose.start(loop, transport, current, settings.lingerTimeout());
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
                writer.flushSoon();
            } else {
                pause.begin();
            }
            updateInterest();
        }
    }

    /** What its parts see of it, and tell it. */
    private final class Subject implements InstructionReader.Subject, TunnelWriter.Subject, Liveness.Subject {
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
        public void endTurn() {
            Tunnel.this.endTurn();
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
    }
}
