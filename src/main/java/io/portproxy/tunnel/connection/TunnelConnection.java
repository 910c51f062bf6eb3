package io.portproxy.tunnel.connection;

import io.portproxy.net.CleanClose;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The connection that carries a tunnel's instructions. It decides when the connection is read, and writes at the end of
 * a turn of the loop. A turn with input or output ends like this:
 *
 * <pre>
 *   read what the transport still holds --> write --> streams in the queue have a turn each --> write --> interest
 * </pre>
 *
 * On the tunnel's loop, unless a method says otherwise.
 */
public final class TunnelConnection implements ReadyHandler {

    /** The tunnel. */
    public interface Owner {
        /** The peer has closed its side. */
        void peerEnded();

        /** The connection is broken, or the peer is to blame: the tunnel must end. */
        void lost(Reason reason, String detail);

        /** A turn has ended: what could leave has left. */
        void turnEnded();

        /** The loop has ended, or a bug was met. */
        void abort();

        /** For a log line. */
        LogFields logFields();
    }

    /** How a connection ends. */
    public enum Ending {
        /** A FIN behind what has been written; what the peer still sends is read for a while, so that it gets all. */
        CLEAN,
        /** As the system closes a socket. */
        CLOSED,
        /** A RST: a clean end would say that the streams were complete. */
        RESET
    }

    private final EventLoop loop;
    private final Transport transport;
    private final String peerAddress;
    private final String security;
    private final boolean extended;
    private final Duration lingerTimeout;
    private final Owner owner;
    private final InstructionTrace trace;
    private final TunnelWriter writer;
    private final Liveness liveness;
    private final Runnable turnEnd = this::endTurn;
    private final Runnable onFailure = this::abort;
    private @Nullable InstructionReader reader; // once it has started
    private @Nullable SelectionKey key;
    private boolean turnEndQueued;
    private boolean paused;
    private boolean stopped;
    private final AtomicLong leaving = new AtomicLong(); // bytes that have not left, for other threads

    /**
     * @param transport the connection behind its greeting
     * @param peerAddress where the peer is, for people
     * @param heartbeatInterval between two signs of life
     * @param idleTimeout how long the peer may be silent, or take nothing
     * @param lingerTimeout how long a connection that ends well is still read
     * @param datagramQueue bytes of datagrams that may wait to leave
     */
    public TunnelConnection(
            EventLoop loop,
            Transport transport,
            String peerAddress,
            TunnelTerms terms,
            Duration heartbeatInterval,
            Duration idleTimeout,
            Duration lingerTimeout,
            int datagramQueue,
            Owner owner) {
        this.loop = loop;
        this.transport = transport;
        this.peerAddress = peerAddress;
        this.security = transport.security();
        this.extended = terms.dialect() == Dialect.EXTENDED;
        this.lingerTimeout = lingerTimeout;
        this.owner = owner;
        Parts parts = new Parts();
        this.trace = new InstructionTrace(this, owner::logFields);
        this.writer = new TunnelWriter(loop, transport, extended, datagramQueue, parts, trace);
        this.liveness = new Liveness(loop, terms, heartbeatInterval, idleTimeout, writer, parts);
    }

    /**
     * Begins to read.
     *
     * @param decoder hands out what comes
     * @param first bytes that came behind the greeting, to be decoded before any other
     */
    public void start(InstructionDecoder decoder, ByteBuffer first) throws IOException {
        InstructionReader fresh = new InstructionReader(loop, transport, decoder, new Parts(), trace);
        reader = fresh;
        key = loop.register(transport.socket(), SelectionKey.OP_READ, this);
        liveness.start();
        if (extended) {
            writer.ping(); // what grows by the round trip need not wait for the first sign of life
        }
        fresh.decode(first);
        endTurnSoon(); // also reads what the transport holds
    }

    private InstructionReader reader() {
        return Objects.requireNonNull(reader);
    }

    /** The peer's address. Any thread. */
    public String peerAddress() {
        return peerAddress;
    }

    /** How it is protected: {@code plain}, or TLS's version and cipher suite. Any thread. */
    public String security() {
        return security;
    }

    /** What leaves. */
    public TunnelWriter writer() {
        return writer;
    }

    /** Whether the peer is there. */
    public Liveness liveness() {
        return liveness;
    }

    /** Bytes that wait for the peer to take them, as of the end of the loop's last turn. Any thread. */
    public long leaving() {
        return leaving.getOpaque();
    }

    /** Reads nothing until {@link #resumeReading}. */
    public void pauseReading() {
        paused = true;
        updateInterest();
    }

    /** Reads again. */
    public void resumeReading() {
        paused = false;
        liveness.readsAgain(); // what was silent was this side
        endTurnSoon();
        updateInterest();
    }

    @Override
    public void ready(int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            endTurnSoon();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            reader().read();
            if (!stopped && reader().hasBuffered()) {
                endTurnSoon();
            }
        }
    }

    /** Has all that waits written, and streams served, when this turn of the loop ends. */
    public void endTurnSoon() {
        if (!turnEndQueued) {
            loop.afterTurn(turnEnd, onFailure);
            turnEndQueued = true; // not if that threw
            trace.look();
        }
    }

    private void endTurn() {
        turnEndQueued = false;
        if (isRead() && reader().hasBuffered()) {
            reader().read();
        }
        writer.serveTurns();
        if (!stopped) {
            if (writer.hasTurns() || (!paused && reader().hasBuffered())) {
                endTurnSoon();
            }
            updateInterest();
            leaving.setOpaque(writer.size());
            owner.turnEnded();
        }
    }

    private boolean isRead() {
        return !paused && !stopped;
    }

    private void updateInterest() {
        SelectionKey current = key;
        if (stopped || current == null || !current.isValid()) {
            return;
        }
        int ops = transport.interest(!paused, writer.isBlocked());
        if (current.interestOps() != ops) {
            current.interestOps(ops);
        }
    }

    /** The tunnel ends: reads nothing more, and judges the peer no more. {@link #close} is to follow. */
    public void stop() {
        stopped = true;
        loop.guarded(liveness::stop);
    }

    /** Throws away what waits, and closes. */
    public void close(Ending ending) {
        loop.guarded(writer::close);
        leaving.setOpaque(0);
        loop.guarded(() -> end(ending));
    }

    private void end(Ending ending) {
        SelectionKey current = key;
        if (ending == Ending.RESET) {
            transport.reset();
        } else if (ending == Ending.CLOSED || current == null) {
            transport.close();
        } else {
            CleanClose.start(loop, transport, current, lingerTimeout);
        }
    }

    @Override
    public void abort() {
        owner.abort();
    }

    @Override
    public String toString() {
        return "tunnel with " + peerAddress;
    }

    /** What its parts see of it, and tell it. */
    private final class Parts implements InstructionReader.Owner, TunnelWriter.Owner, Liveness.Owner {
        @Override
        public boolean isClosed() {
            return stopped;
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
            TunnelConnection.this.endTurnSoon();
        }

        @Override
        public void ended() {
            owner.peerEnded();
        }

        @Override
        public void lose(IOException cause) {
            owner.lost(Reason.TUNNEL_LOST, String.valueOf(cause.getMessage()));
        }

        @Override
        public void lose(Reason reason, String detail) {
            owner.lost(reason, detail);
        }

        @Override
        public void abort() {
            owner.abort();
        }
    }
}
