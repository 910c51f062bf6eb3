package io.portproxy.mux;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * The extended dialect (protocol.md, section 2). Each direction ends on its own, and a reset carries its reason. Each
 * direction of each stream has a window, so that a slow reader delays only its own stream.
 *
 * <p>A window is sent as two numbers: how many bytes have been delivered in total, and how many more may come. It is
 * sent again when half of it has been used. If this half lasted at most two round trips and no byte waits for the socket,
 * the window is doubled. A window that lasts longer does not slow its stream down.
 *
 * <p>If the reader stops, the peer can use all the memory by which a window has grown. So growth is taken from a
 * budget: half of the bytes that may wait for the sockets of the tunnel and of the process. A window never takes more of
 * the budget than it leaves for the others.
 */
public final class ExtendedSession extends Session {
    /** The smallest window that {@link #narrow} sets. */
    private static final long NARROWEST = 16 * 1024;

    private final long peerWindow;
    private long grown; // the number of bytes by which all windows together are larger than at the start

    /**
     * @param limits its limits
     * @param peerWindow the peer's initial window: how many bytes may be sent on a new stream
     * @param output the tunnel
     * @param memory the memory limit of the whole process
     * @param nanoTime a clock in nanoseconds that only goes forward
     */
    public ExtendedSession(
            SessionLimits limits, long peerWindow, SessionOutput output, MemoryCeiling memory, LongSupplier nanoTime) {
        super(limits, output, memory, nanoTime);
        this.peerWindow = peerWindow;
    }

    @Override
    void begin(Stream stream) {
        stream.sendLimit = peerWindow;
        stream.window = limits.initialWindow();
        stream.receiveLimit = stream.window;
        stream.windowToldAt = nanoTime.getAsLong();
    }

    @Override
    void receive(Stream stream, int length) throws ProtocolException {
        if (stream.datagrams) {
            throw new ProtocolException("data of stream " + stream + ", which carries datagrams");
        }
        if (!stream.state.peerOpen()) {
            throw new ProtocolException("data of stream " + stream + " behind its End");
        }
        stream.received += length;
        if (stream.received > stream.receiveLimit) {
            throw new ProtocolException("data of stream " + stream + " beyond its window");
        }
    }

    /**
     * Handles a Datagram. Ignores an unknown identity.
     *
     * @throws ProtocolException if the stream carries bytes
     */
    public void datagram(long identity, ByteBuffer data) throws ProtocolException {
        Stream stream = find(identity);
        if (stream == null) {
            return;
        }
        if (!stream.datagrams) {
            throw new ProtocolException("a Datagram of stream " + stream + ", which carries bytes");
        }
        stream.endpoint.datagram(data);
    }

    /**
     * Handles an InsCloseConnection. It does not say whether the end is clean, so here it counts as a Reset without a
     * reason.
     */
    @Override
    public void closeConnection(long identity) {
        peerReset(identity, Reason.UNKNOWN);
    }

    /** Handles an Opened: the target is connected. Ignores an unknown identity. */
    public void peerOpened(long identity) {
        Stream stream = find(identity);
        if (stream != null) {
            stream.endpoint.opened();
        }
    }

    /** Handles an End: the peer sends no more data. Ignores an unknown identity. */
    public void peerEnded(long identity) throws ProtocolException {
        Stream stream = find(identity);
        if (stream == null) {
            return;
        }
        if (stream.datagrams) {
            throw new ProtocolException("an End of stream " + stream + ", which carries datagrams");
        }
        if (!stream.state.peerOpen()) {
            throw new ProtocolException("a second End of stream " + stream);
        }
        stream.state = stream.state.afterPeerEnd();
        stream.endpoint.finish();
    }

    /**
     * Handles a Reset: this side's socket gets a RST, and the bytes that wait for it are lost. Ignores an unknown
     * identity.
     */
    public void peerReset(long identity, Reason reason) {
        Stream stream = find(identity);
        if (stream != null) {
            cut(stream, reason);
        }
    }

    /**
     * Handles a Window: the peer has delivered {@code delivered} bytes in total and takes {@code window} more. Ignores
     * an unknown identity, and a stream of datagrams.
     */
    public void peerWindow(long identity, long delivered, long window) throws ProtocolException {
        Stream stream = find(identity);
        if (stream == null || stream.datagrams) {
            return;
        }
        if (delivered < 0 || delivered > stream.sent) {
            throw new ProtocolException("a Window of stream " + stream + " for bytes that were not sent");
        }
        stream.sendLimit = Math.max(stream.sendLimit, delivered + window);
        if (stream.sendBlocked && stream.sendLimit > stream.sent) {
            stream.sendBlocked = false;
            stream.endpoint.sendRoomGrew();
        }
    }

    @Override
    public long sendRoom(Stream stream) {
        long room = stream.sendLimit - stream.sent;
        stream.sendBlocked = room == 0;
        return room;
    }

    @Override
    public void sent(Stream stream, int length) {
        stream.sent += length;
        if (stream.sent > stream.sendLimit) {
            throw new IllegalStateException("sent beyond the window of stream " + stream);
        }
    }

    @Override
    public void connected(Stream stream) {
        output.sendOpened(stream.identity());
    }

    @Override
    public void inputEnded(Stream stream) {
        if (stream.state.localOpen()) {
            stream.state = stream.state.afterLocalEnd();
            output.sendEnd(stream.identity());
            closeIfDelivered(stream);
        }
    }

    @Override
    public void outputEnded(Stream stream) {
        stream.outputEnded = true;
        closeIfDelivered(stream);
    }

    private void closeIfDelivered(Stream stream) {
        if (stream.state == StreamState.BOTH_ENDED && stream.outputEnded) {
            try {
                close(stream);
            } finally {
                stream.endpoint.release();
            }
        }
    }

    @Override
    void count(Stream stream, long length) {
        // An answer with which this side itself refuses its socket comes on top of the bytes that the peer sent.
        stream.delivered = Math.min(stream.delivered + length, stream.received);
        if (!stream.state.peerOpen() || stream.receiveLimit - stream.delivered > stream.window / 2) {
            return;
        }
        long now = nanoTime.getAsLong();
        long roundTrip = output.roundTripNanos();
        if (stream.waiting == 0 && (roundTrip < 0 || now - stream.windowToldAt <= 2 * roundTrip)) {
            grow(stream);
        }
        stream.windowToldAt = now;
        stream.receiveLimit = stream.delivered + stream.window;
        output.sendWindow(stream.identity(), stream.delivered, stream.window);
    }

    private void grow(Stream stream) {
        long left = Math.min(limits.tunnelBuffer() / 2 - grown, memory.unpromised());
        long wanted = Math.min(stream.window, limits.maxWindow() - stream.window);
        long growth = Math.max(0, Math.min(wanted, (left - grownBefore(stream)) / 2));
        setWindow(stream, stream.window + growth);
    }

    /** Returns by how many bytes the stream's window is larger than at the start. */
    private long grownBefore(Stream stream) {
        return Math.max(0, stream.window - limits.initialWindow());
    }

    private void setWindow(Stream stream, long window) {
        long before = grownBefore(stream);
        stream.window = window;
        long growth = grownBefore(stream) - before;
        grown += growth;
        memory.promise(growth);
    }

    /** {@inheritDoc} The next Window reports it to the peer. The peer can still use what it was granted before. */
    @Override
    public void narrow(Stream stream, long bytes) {
        long window = Math.max(Math.min(NARROWEST, limits.initialWindow()), bytes);
        if (stream.isLive() && window < stream.window) {
            setWindow(stream, window);
        }
    }

    @Override
    public void widen(Stream stream) {
        if (stream.isLive() && stream.window < limits.initialWindow()) {
            setWindow(stream, limits.initialWindow());
        }
    }

    @Override
    void ended(Stream stream) {
        long growth = grownBefore(stream);
        grown -= growth;
        memory.promise(-growth);
    }

    @Override
    void tellReset(Stream stream, Reason reason) {
        output.sendReset(stream.identity(), reason);
    }

    /** Returns no limit, because windows limit these bytes. */
    @Override
    public long mostUnconnected() {
        return Long.MAX_VALUE;
    }

    /** Returns false: at most a window of bytes waits for one stream. */
    @Override
    boolean holdsUp(Stream stream, boolean resume) {
        return false;
    }
}
