package io.portproxy.tunnel;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What leaves through a tunnel, and in which order.
 *
 * <p>Fairness: while the tunnel's socket takes bytes, streams are read as they are ready. When it refuses some, a ready
 * stream queues for a turn and its socket is not read; once the socket has taken all, the queue is served in order, a
 * frame each.
 *
 * <p>On the tunnel's loop.
 */
final class TunnelWriter {
    private final EventLoop loop;
    private final Transport transport;
    private final Subject subject;
    private final Outbox outbox;
    private final ArrayDeque<StreamSocket> turns = new ArrayDeque<>();
    private boolean flushQueued;
    private boolean closed;

    /** The tunnel. */
    interface Subject {
        /** The peer has taken bytes, or some have just begun to wait for it. */
        void taken();

        /** A turn of the loop ends in which {@link TunnelWriter#flushSoon} was called. */
        void endTurn();

        void lose(IOException cause);
    }

    TunnelWriter(EventLoop loop, Transport transport, Subject subject) {
        this.loop = loop;
        this.transport = transport;
        this.subject = subject;
        this.outbox = new Outbox(loop.outboxes());
    }

    /** Bytes that have not left. */
    long size() {
        return outbox.size();
    }

    /** Whether the tunnel's socket has refused bytes that still wait. */
    boolean isBlocked() {
        return outbox.isBlocked();
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether streams wait for a turn that could be had. */
    boolean hasTurns() {
        return !turns.isEmpty() && !outbox.isBlocked();
    }

    /** A buffer with room for a control instruction of that length. The caller then tells {@link #added}. */
    ByteBuffer controlRoom(int length) {
        return outbox.controlRoom(length);
    }

    /** Counts what the caller has put into {@link #controlRoom}. */
    void added(int length) {
        outbox.added(length);
        flushSoon();
    }

    /** Whether a stream may read data for the tunnel into {@link #dataRoom} now. */
    boolean takesData() {
        if (closed || outbox.hasDataRoom()) {
            return !closed;
        }
        if (!outbox.isBlocked()) {
            flush();
        }
        return !closed && outbox.hasDataRoom();
    }

    ByteBuffer dataRoom(int most) {
        return outbox.dataRoom(most);
    }

    void addData(long identity, int length) {
        outbox.addData(identity, length);
        if (length > 0) {
            flushSoon();
        }
    }

    /** Has {@link StreamSocket#turn} called when the tunnel takes data and those before it have had their turn. */
    void queueForTurn(StreamSocket socket) {
        if (!closed) {
            turns.add(socket);
            if (!outbox.isBlocked()) {
                flushSoon();
            }
        }
    }

    /** Has all that waits written, and turns served, when this turn of the loop ends. */
    void flushSoon() {
        if (!flushQueued) {
            flushQueued = true;
            loop.afterTurn(() -> {
                flushQueued = false;
                subject.endTurn();
            });
        }
    }

    /** Writes what waits, gives the streams in the queue a turn each, and writes that. */
    void serveTurns() {
        flush();
        for (int n = turns.size(); n > 0 && takesData(); n--) {
            turns.remove().turn();
        }
        flush();
    }

    /** Writes as much as the tunnel's socket takes. */
    void flush() {
        if (closed) {
            return;
        }
        boolean wasBlocked = outbox.isBlocked();
        try {
            long written = outbox.flush(transport);
            transport.flush();
            if (written > 0 || (outbox.isBlocked() && !wasBlocked)) {
                subject.taken();
            }
        } catch (IOException e) {
            subject.lose(e);
        }
    }

    /** Takes nothing more, and throws away what waits. */
    void close() {
        closed = true;
        outbox.clear();
        turns.clear();
    }
}
