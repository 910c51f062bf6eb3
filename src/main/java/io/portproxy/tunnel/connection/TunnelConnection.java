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

    /** The tunnel, as its connection sees it. */
    public interface Owner {
        /** Is called when the peer has closed its side. */
        void peerEnded();

        /** Is called when the connection is broken, or when the peer has made an error: the tunnel must end. */
        void lost(Reason reason, String detail);

        /** Is called when a turn has ended and all bytes that can leave have left. */
        void turnEnded();

        /** Is called when the loop has ended, or after a bug. */
        void abort();

        /** Returns the fields of a log line. */
        LogFields logFields();
    }

    /** The ways to end a connection. */
    public enum Ending {
        /**
         * A FIN after the written bytes. This side still reads (and discards) what the peer sends for a while, so that
         * the peer receives everything.
         */
        CLEAN,
        /** The way that the operating system closes a socket. */
        CLOSED,
        /** A RST. A clean end would say that the streams were complete. */
        RESET
    }

    private final EventLoop loop;
    private final Transport transport;
    private final String peerAddress;
    private final String security;
    private final boolean extended;
    private final Duration lingerTimeout;
    private final TunnelState.Reader life;
    private final Owner owner;
    private final InstructionTrace trace;
    private final TunnelWriter writer;
    private final Liveness liveness;
    private final Runnable turnEnd = this::endTurn;
    private final Runnable onFailure = this::abort;
    private @Nullable InstructionReader reader; // null before the start
    private @Nullable SelectionKey key;
    private boolean turnEndQueued;
    private boolean paused;
    private final AtomicLong leaving = new AtomicLong(); // bytes that have not left, for other threads

    /**
     * @param transport the connection after its greeting
     * @param peerAddress the peer's address, for people to read
     * @param heartbeatInterval the time between two signs of life
     * @param idleTimeout how long the peer may be silent, or may take no byte
     * @param lingerTimeout how long this side still reads a connection that ends cleanly
     * @param datagramQueue how many bytes of datagrams may wait to leave
     * @param life says when the tunnel has ended
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
            TunnelState.Reader life,
            Owner owner) {
        this.loop = loop;
        this.transport = transport;
        this.peerAddress = peerAddress;
        this.security = transport.security();
        this.extended = terms.dialect() == Dialect.EXTENDED;
        this.lingerTimeout = lingerTimeout;
        this.life = life;
        this.owner = owner;
        Parts parts = new Parts();
        this.trace = new InstructionTrace(this, owner::logFields);
        this.writer = new TunnelWriter(loop, transport, extended, datagramQueue, life, parts, trace);
        this.liveness = new Liveness(loop, terms, heartbeatInterval, idleTimeout, writer, parts);
    }

    /**
     * Begins to read.
     *
     * @param decoder decodes the bytes and passes the instructions on
     * @param first bytes that arrived after the greeting; they are decoded before all others
     */
    public void start(InstructionDecoder decoder, ByteBuffer first) throws IOException {
        InstructionReader fresh = new InstructionReader(loop, transport, decoder, new Parts(), trace);
        reader = fresh;
        key = loop.register(transport.socket(), SelectionKey.OP_READ, this);
        liveness.start();
        if (extended) {
            writer.ping(); // windows grow by the round trip, so it is measured at once
        }
        fresh.decode(first);
        endTurnSoon(); // also reads the bytes that the transport holds
    }

    private InstructionReader reader() {
        return Objects.requireNonNull(reader);
    }

    /** Returns the peer's address. Any thread. */
    public String peerAddress() {
        return peerAddress;
    }

    /** Returns how the connection is protected: {@code plain}, or the version and cipher suite of TLS. Any thread. */
    public String security() {
        return security;
    }

    /** Returns the writer, which sends everything. */
    public TunnelWriter writer() {
        return writer;
    }

    /** Returns the check of whether the peer is alive. */
    public Liveness liveness() {
        return liveness;
    }

    /**
     * Returns the number of bytes that wait for the peer to take them, as of the end of the loop's last turn. Any
     * thread.
     */
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
        liveness.readsAgain(); // only this side was silent
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
            if (!isOver() && reader().hasBuffered()) {
                endTurnSoon();
            }
        }
    }

    /** Makes sure that waiting bytes are written, and that streams are served, when this turn of the loop ends. */
    public void endTurnSoon() {
        if (!turnEndQueued) {
            loop.afterTurn(turnEnd, onFailure);
            turnEndQueued = true; // stays false if that call throws
            trace.look();
        }
    }

    private void endTurn() {
        turnEndQueued = false;
        if (isRead() && reader().hasBuffered()) {
            reader().read();
        }
        writer.serveTurns();
        if (!isOver()) {
            if (writer.hasTurns() || (!paused && reader().hasBuffered())) {
                endTurnSoon();
            }
            updateInterest();
            leaving.setOpaque(writer.size());
            owner.turnEnded();
        }
    }

    private boolean isRead() {
        return !paused && !isOver();
    }

    private boolean isOver() {
        return life.state().isEnded();
    }

    private void updateInterest() {
        SelectionKey current = key;
        if (isOver() || current == null || !current.isValid()) {
            return;
        }
        int ops = transport.interest(!paused, writer.isBlocked());
        if (current.interestOps() != ops) {
            current.interestOps(ops);
        }
    }

    /** Discards the waiting bytes, and closes the connection, because the tunnel has ended. */
    public void close(Ending ending) {
        loop.guarded(liveness::stop);
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

    /** The view of the connection that its parts have, and the calls that they make to it. */
    private final class Parts implements InstructionReader.Owner, TunnelWriter.Owner, Liveness.Owner {
        @Override
        public boolean isClosed() {
            return isOver();
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
