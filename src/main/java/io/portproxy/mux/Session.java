package io.portproxy.mux;

import io.portproxy.protocol.Identity;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One tunnel's session in the classic dialect: its streams and what waits for their sockets, as a state machine without
 * I/O. Instructions and socket events come in as calls; what is to be done goes out to {@link Peer} and {@link Endpoint}.
 *
 * <p>Back-pressure (protocol.md, section 1): the dialect has no flow control, so when more than a bound waits for one
 * socket, or for all together, the tunnel is not read until half of that is gone. A stream that keeps the tunnel from
 * being read for longer than the stall timeout is dropped, so that the others go on.
 *
 * <p>Not thread-safe: belongs to the tunnel's loop.
 */
public final class Session {
    private final SessionLimits limits;
    private final Peer peer;
    private final LongSupplier nanoTime;
    private final StreamTable open = new StreamTable();
    private final Set<Stream> over = new LinkedHashSet<>();
    private final Set<Stream> finishing = new LinkedHashSet<>();
    private long waiting;
    private boolean totalOver;
    private long totalOverSince;
    private boolean reading = true;

    /**
     * @param limits its limits
     * @param peer the tunnel
     * @param nanoTime a clock in nanoseconds that only goes forward
     */
    public Session(SessionLimits limits, Peer peer, LongSupplier nanoTime) {
        this.limits = limits;
        this.peer = peer;
        this.nanoTime = nanoTime;
    }

    /** Streams that are not closed, those that only deliver their last bytes among them. */
    public int live() {
        return open.size() + finishing.size();
    }

    /** Bytes that wait for sockets. */
    public long waiting() {
        return waiting;
    }

    /** Whether another stream is within the limit. */
    public boolean hasRoom() {
        return live() < limits.maxStreams();
    }

    /** Opens a stream to a target and tells the peer. The proxy server's side; needs {@link #hasRoom}. */
    public Stream open(long identity, int targetPort, Endpoint endpoint) {
        Stream stream = add(identity, endpoint);
        peer.sendInitialConnection(identity, targetPort);
        return stream;
    }

    /**
     * Takes a stream that the peer has opened. The remote's side; needs {@link #hasRoom}.
     *
     * @throws ProtocolException the identity is in use
     */
    public Stream accept(long identity, Endpoint endpoint) throws ProtocolException {
        if (open.get(identity) != null) {
            throw new ProtocolException("a second InsInitialConnection for " + Identity.format(identity));
        }
        return add(identity, endpoint);
    }

    private Stream add(long identity, Endpoint endpoint) {
        if (!hasRoom()) {
            throw new IllegalStateException("no room for another stream");
        }
        Stream stream = new Stream(identity, endpoint);
        open.add(stream);
        return stream;
    }

    /** InsData, or a part of it. An unknown identity is skipped: the two sides close at the same time now and then. */
    public void data(long identity, ByteBuffer data) {
        Stream stream = open.get(identity);
        if (stream != null) {
            stream.endpoint.deliver(data);
        }
    }

    /** InsCloseConnection. An unknown identity is skipped, and it is never answered. */
    public void closeConnection(long identity) {
        Stream stream = open.get(identity);
        if (stream != null) {
            stream.state = stream.state.to(StreamState.FINISHING);
            open.remove(stream);
            finishing.add(stream);
            setWaiting(stream, stream.waiting); // it gets no more data, so it does not hold the tunnel up on its own
            stream.endpoint.finish();
        }
    }

    /** As many bytes wait for a stream's socket now. */
    public void waiting(Stream stream, long bytes) {
        if (stream.state != StreamState.CLOSED) {
            setWaiting(stream, bytes);
        }
    }

    /**
     * Our socket ended or broke, or is to be dropped: the stream is over, its socket is reset, and the peer is told
     * unless it ended the stream itself. The direction towards our socket is cut, so a reset is the honest end even
     * where the other direction came to a clean one.
     */
    public void end(Stream stream, Reason reason) {
        if (stream.state == StreamState.CLOSED) {
            return;
        }
        boolean tell = stream.state == StreamState.OPEN;
        close(stream);
        if (tell) {
            peer.sendCloseConnection(stream.identity());
        }
        stream.endpoint.reset(reason);
    }

    /** Our side ends the stream of its own accord: what waits for our socket is still delivered, then its clean end. */
    public void endCleanly(Stream stream) {
        if (stream.state == StreamState.OPEN) {
            peer.sendCloseConnection(stream.identity());
            closeConnection(stream.identity());
        }
    }

    /** A finishing stream has delivered all. */
    public void closed(Stream stream) {
        if (stream.state != StreamState.CLOSED) {
            close(stream);
        }
    }

    /** The tunnel is gone: resets every stream that the peer had not ended. */
    public void cut(Reason reason) {
        for (Stream stream : open.toList()) {
            close(stream);
            stream.endpoint.reset(reason);
        }
    }

    /** Drops what has stalled. To be called now and then while the tunnel is not read. */
    public void checkStall() {
        long now = nanoTime.getAsLong();
        boolean dropped = false;
        for (Stream stream : List.copyOf(over)) {
            if (now - stream.overSince >= limits.stallNanos()) {
                end(stream, Reason.STALLED);
                dropped = true;
            }
        }
        if (dropped) {
            dropThoseThatWouldBeNext(now);
        }
        if (totalOver && now - totalOverSince >= limits.stallNanos()) {
            Stream largest = largest();
            if (largest != null) {
                end(largest, Reason.STALLED);
            }
        }
    }

    /** Each of them would hold the tunnel up for another stall timeout as soon as it is read again. */
    private void dropThoseThatWouldBeNext(long now) {
        for (Stream stream : open.toList()) {
            if (stream.waiting >= limits.streamBuffer() / 4 && now - stream.progressAt >= limits.stallNanos()) {
                end(stream, Reason.STALLED);
            }
        }
    }

    private @Nullable Stream largest() {
        List<Stream> streams = open.toList();
        streams.addAll(finishing);
        return streams.stream()
                .filter(stream -> stream.waiting > 0)
                .max(Comparator.comparingLong(stream -> stream.waiting))
                .orElse(null);
    }

    private void close(Stream stream) {
        if (!finishing.remove(stream)) {
            open.remove(stream);
        }
        stream.state = stream.state.to(StreamState.CLOSED);
        setWaiting(stream, 0);
    }

    private void setWaiting(Stream stream, long bytes) {
        if (bytes < stream.waiting || stream.waiting == 0) {
            stream.progressAt = nanoTime.getAsLong();
        }
        waiting += bytes - stream.waiting;
        stream.waiting = bytes;
        if (!stream.isOpen() || bytes <= limits.streamBuffer() / 2) {
            over.remove(stream);
        } else if (bytes > limits.streamBuffer() && over.add(stream)) {
            stream.overSince = nanoTime.getAsLong();
        }
        if (waiting <= limits.tunnelBuffer() / 2) {
            totalOver = false;
        } else if (waiting > limits.tunnelBuffer() && !totalOver) {
            totalOver = true;
            totalOverSince = nanoTime.getAsLong();
        }
        boolean mayRead = over.isEmpty() && !totalOver;
        if (mayRead != reading) {
            reading = mayRead;
            peer.reading(mayRead);
        }
    }
}
