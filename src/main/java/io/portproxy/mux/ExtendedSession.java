package io.portproxy.mux;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * The extended dialect (protocol.md, section 2): each direction ends on its own, a reset carries its reason, and each
 * direction of each stream has a window, so that a slow reader holds up its own stream only.
 *
 * <p>A window is sent as two numbers: how many bytes have been delivered in total, and how many more may come. It is
 * sent again when half of it has been used. If that took no more than two round trips and nothing waits for the socket,
 * the window is doubled; a window that lasts longer does not slow its stream down.
 *
 * <p>If the reader stops, the peer can use all the memory by which a window has grown. So growth is taken from a
 * budget: half of what may wait for the sockets of the tunnel and of the process. No window gets more of the budget
 * than it leaves for others.
 */
public final class ExtendedSession extends Session {
    /** No window is made smaller than that. */
    private static final long NARROWEST = 16 * 1024;

    private final long peerWindow;
    private long grown; // by how much all windows together are larger than in the beginning

    /**
     * @param limits its limits
     * @param peerWindow the peer's initial window in bytes: how much may be sent on a new stream
     * @param output the tunnel
     * @param memory what the whole process shares
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
     * Datagram. An unknown identity is skipped.
     *
     * @throws ProtocolException the stream carries bytes
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

    /** InsCloseConnection does not tell a clean end from a cut, so here it counts as a Reset without a reason. */
    @Override
    public void closeConnection(long identity) {
        peerReset(identity, Reason.UNKNOWN);
    }

    /** Opened: the target is there. An unknown identity is skipped. */
    public void peerOpened(long identity) {
        Stream stream = find(identity);
        if (stream != null) {
            stream.endpoint.opened();
        }
    }

    /** End: no more data of the peer. An unknown identity is skipped. */
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

    /** Reset: our socket gets a RST, and what waits for it is lost. An unknown identity is skipped. */
    public void peerReset(long identity, Reason reason) {
        Stream stream = find(identity);
        if (stream != null) {
            cut(stream, reason);
        }
    }

    /** Window: the peer has delivered so many bytes and takes so many more. Skipped for an unknown identity, and for datagrams. */
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
        // What we say to our socket ourselves, to refuse it, goes on top of what the peer sent.
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

    /** By how much its window is larger than in the beginning. */
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

    /** The peer hears of it with the next Window, and can use up what it was given before. */
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

    /** Windows bound it. */
    @Override
    public long mostUnconnected() {
        return Long.MAX_VALUE;
    }

    /** Never: what waits for one stream is at most its window. */
    @Override
    boolean holdsUp(Stream stream, boolean resume) {
        return false;
    }
}
