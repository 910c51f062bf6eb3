package io.portproxy.mux;

import io.portproxy.protocol.Identity;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The session of one tunnel: its streams and the bytes that wait for their sockets, as a state machine without I/O.
 * Instructions and events of sockets come in as calls. Actions go out as calls to {@link SessionOutput} and
 * {@link Endpoint}. The dialects differ in how a stream ends and in flow control. This class contains what they share.
 *
 * <p>Memory: when more bytes than a limit wait for the tunnel's sockets together, or for all sockets of the process,
 * the tunnel is not read until half of them have gone. Meanwhile, streams whose sockets have taken nothing for longer
 * than the stall timeout are dropped, the largest first. A stream whose reader takes bytes, however slowly, is not
 * dropped.
 *
 * <p>Not thread-safe: it belongs to the tunnel's loop.
 */
public abstract sealed class Session permits ClassicSession, ExtendedSession {
    final SessionLimits limits;
    final SessionOutput output;
    final MemoryCeiling memory;
    final LongSupplier nanoTime;
    private final long stallNanos;
    private final StreamTable streams = new StreamTable();
    /** Streams whose identity is already free again while their last bytes are delivered. */
    private final Set<Stream> finishing = new LinkedHashSet<>();
    /** Streams each of which keeps the tunnel from being read. */
    private final Set<Stream> over = new LinkedHashSet<>();

    private int datagramStreams;

    private volatile long waiting; // other threads read it; it changes only when bytes wait, not with each chunk
    private boolean totalOver;
    private boolean reading = true;

    Session(SessionLimits limits, SessionOutput output, MemoryCeiling memory, LongSupplier nanoTime) {
        this.limits = limits;
        this.stallNanos = limits.stallTimeout().toNanos();
        this.output = output;
        this.memory = memory;
        this.nanoTime = nanoTime;
    }

    public final SessionLimits limits() {
        return limits;
    }

    /** Returns the number of streams that are not closed, including those that only deliver their last bytes. */
    public final int live() {
        return streams.size() + finishing.size();
    }

    /**
     * Returns how many of the {@link #live} streams carry datagrams. An end of the tunnel cuts nothing of them that
     * could have been complete.
     */
    public final int datagramStreams() {
        return datagramStreams;
    }

    /** Returns the number of bytes that wait for sockets. Any thread. */
    public final long waiting() {
        return waiting;
    }

    /** Returns the streams that are not closed. */
    public final List<Stream> streams() {
        List<Stream> all = streams.toList();
        all.addAll(finishing);
        return all;
    }

    /** Returns whether the limit of streams allows another one. */
    public final boolean hasRoom() {
        return live() < limits.maxStreams();
    }

    /**
     * Adds a stream of this side or of the peer. Requires {@link #hasRoom}.
     *
     * @throws ProtocolException if the identity is in use: the peer has made an error
     */
    public final Stream add(long identity, Endpoint endpoint) throws ProtocolException {
        if (!hasRoom()) {
            throw new IllegalStateException("no room for another stream");
        }
        requireUnused(identity);
        Stream stream = new Stream(identity, endpoint);
        begin(stream);
        streams.add(stream);
        return stream;
    }

    /**
     * Adds a stream that carries datagrams, as {@link #add} does.
     *
     * @throws ProtocolException if the identity is in use: the peer has made an error
     */
    public final Stream addDatagrams(long identity, Endpoint endpoint) throws ProtocolException {
        Stream stream = add(identity, endpoint);
        stream.datagrams = true;
        datagramStreams++;
        return stream;
    }

    /**
     * Checks the identity of a new stream. This check comes before all others.
     *
     * @throws ProtocolException if the identity is in use: the peer has made an error
     */
    public final void requireUnused(long identity) throws ProtocolException {
        if (streams.get(identity) != null) {
            throw new ProtocolException("a second stream with the identity " + Identity.format(identity));
        }
    }

    /** Is called when a stream was added. */
    abstract void begin(Stream stream);

    /** Is called when the peer sends nothing more on a stream that was added. */
    abstract void ended(Stream stream);

    /**
     * Handles an InsData, or a part of it. Ignores an unknown identity: sometimes both sides close at the same time.
     *
     * @throws ProtocolException if the peer was not allowed to send it
     */
    public final void data(long identity, ByteBuffer data) throws ProtocolException {
        Stream stream = streams.get(identity);
        if (stream != null) {
            receive(stream, data.remaining());
            stream.endpoint.deliver(data);
        }
    }

    abstract void receive(Stream stream, int length) throws ProtocolException;

    /** Handles an InsCloseConnection. Ignores an unknown identity. It is never answered. */
    public abstract void closeConnection(long identity);

    /** Returns how many bytes may be read from this side's socket for the peer. */
    public abstract long sendRoom(Stream stream);

    /** Counts bytes of this side's socket that go to the peer, at most {@link #sendRoom}. */
    public abstract void sent(Stream stream, int length);

    /** Is called when this side's socket, which is a target's, is connected. */
    public abstract void connected(Stream stream);

    /** Is called when this side's socket has sent its FIN, and all its bytes have gone to the peer. */
    public abstract void inputEnded(Stream stream);

    /** Is called when all bytes of a stream that the peer has ended, and a FIN, are written to this side's socket. */
    public abstract void outputEnded(Stream stream);

    /** Counts bytes of the peer that were written to this side's socket. */
    public final void delivered(Stream stream, long length) {
        if (stream.waiting > 0) {
            stream.progressAt = nanoTime.getAsLong();
        }
        count(stream, length);
    }

    abstract void count(Stream stream, long length);

    /**
     * Is called when the stream's socket takes no more than {@code bytes} for a while. The peer must then send no more
     * than that ahead, if the dialect has flow control.
     *
     * @param bytes what the socket takes in a while; bytes that the peer was allowed before may still come
     */
    public abstract void narrow(Stream stream, long bytes);

    /** Ends the effect of {@link #narrow}. */
    public abstract void widen(Stream stream);

    /** Sets how many bytes wait for a stream's socket now. */
    public final void waiting(Stream stream, long bytes) {
        if (stream.state != StreamState.CLOSED) {
            setWaiting(stream, bytes);
        }
    }

    /** Ends a stream whose socket broke, or that must be dropped. Resets its socket, and sends the end to the peer. */
    public final void end(Stream stream, Reason reason) {
        if (stream.state != StreamState.CLOSED) {
            boolean known = streams.get(stream.identity()) == stream;
            try {
                cut(stream, reason); // this comes first, even if something fails: a stream that is over has no socket
            } finally {
                if (known) {
                    tellReset(stream, reason);
                }
            }
        }
    }

    abstract void tellReset(Stream stream, Reason reason);

    /** Returns the stream with that identity; also one that only delivers its last bytes. */
    public final Optional<Stream> stream(long identity) {
        return Optional.ofNullable(streams.get(identity))
                .or(() -> finishing.stream()
                        .filter(stream -> stream.identity() == identity)
                        .findFirst());
    }

    /** Ends the stream with that identity. Returns whether there was one. */
    public final boolean reset(long identity, Reason reason) {
        Optional<Stream> found = stream(identity);
        found.ifPresent(stream -> end(stream, reason));
        return found.isPresent();
    }

    /**
     * Takes no more bytes from this side's socket. Bytes that wait for the socket, and a FIN, are still delivered. The
     * peer gets the reason.
     */
    public final void refuse(Stream stream, Reason reason) {
        if (streams.get(stream.identity()) == stream) {
            tellReset(stream, reason);
            try {
                forget(stream);
            } finally {
                stream.endpoint.finishAndClose();
            }
        }
    }

    /**
     * Keeps complete streams when the peer has closed the tunnel after all its streams were over. Streams of this side
     * that only deliver their last bytes are then complete, and outlive the tunnel.
     */
    public final void keepComplete() {
        for (Stream stream : streams.toList()) {
            if (stream.state == StreamState.BOTH_ENDED) {
                forget(stream);
            }
        }
    }

    /** Resets every stream that is not complete, because the tunnel is gone. */
    public final void cut(Reason reason) {
        for (Stream stream = streams.any(); stream != null; stream = streams.any()) {
            cut(stream, reason);
        }
    }

    /** Closes the stream and resets its socket, even if something fails here. */
    final void cut(Stream stream, Reason reason) {
        try {
            close(stream);
        } finally {
            stream.endpoint.reset(reason);
        }
    }

    /**
     * Checks whether reading may go on, and drops streams that have stalled. The tunnel calls this at intervals while
     * it is not read.
     */
    public final void checkStall() {
        updateReading(); // other tunnels may have freed memory
        long now = nanoTime.getAsLong();
        boolean dropped = false;
        for (Stream stream : List.copyOf(over)) {
            if (now - stream.overSince >= stallNanos) {
                end(stream, Reason.STALLED);
                dropped = true;
            }
        }
        if (dropped) {
            dropThoseThatWouldBeNext(now);
        }
        if (totalOver) {
            dropStalledUntilRelieved(now);
        }
    }

    /** Drops stalled streams, the largest first, until the tunnel may be read. Earlier stall time counts as well. */
    private void dropStalledUntilRelieved(long now) {
        List<Stream> stalled = new ArrayList<>(streams.toList());
        stalled.addAll(finishing);
        stalled.removeIf(stream -> stream.waiting == 0 || now - stream.progressAt < stallNanos);
        stalled.sort(Comparator.comparingLong((Stream stream) -> stream.waiting).reversed());
        for (Stream stream : stalled) {
            if (!totalOver) {
                return;
            }
            end(stream, Reason.STALLED);
        }
    }

    /** Drops streams each of which would stop the tunnel for another stall timeout as soon as it is read again. */
    private void dropThoseThatWouldBeNext(long now) {
        for (Stream stream : streams.toList()) {
            if (stream.waiting >= limits.streamBuffer() / 4 && now - stream.progressAt >= stallNanos) {
                end(stream, Reason.STALLED);
            }
        }
    }

    final @Nullable Stream find(long identity) {
        return streams.get(identity);
    }

    /** Frees the identity of a stream whose two directions are over, but for whose socket bytes wait. */
    final void forget(Stream stream) {
        // This comes first: if there is no memory for it, the stream is still in the table, and the end of the tunnel
        // cuts it.
        finishing.add(stream);
        stream.state = StreamState.BOTH_ENDED;
        streams.remove(stream);
        ended(stream);
        setWaiting(stream, stream.waiting);
    }

    final void close(Stream stream) {
        stream.state = StreamState.CLOSED;
        if (stream.datagrams) {
            datagramStreams--;
        }
        if (!finishing.remove(stream)) {
            streams.remove(stream);
            ended(stream);
        }
        setWaiting(stream, 0);
    }

    /** Returns how many bytes may wait for a socket that is not connected yet. More bytes end its stream. */
    public abstract long mostUnconnected();

    /**
     * Returns whether so many bytes wait for the stream that the tunnel must not be read.
     *
     * @param resume whether the stream already stops the tunnel: then a lower limit applies
     */
    abstract boolean holdsUp(Stream stream, boolean resume);

    private void setWaiting(Stream stream, long bytes) {
        long change = bytes - stream.waiting;
        if (bytes < stream.waiting || stream.waiting == 0) {
            stream.progressAt = nanoTime.getAsLong();
        }
        long all = waiting + change;
        waiting = all;
        stream.waiting = bytes;
        memory.add(change);
        if (!holdsUp(stream, over.contains(stream))) {
            over.remove(stream);
        } else if (over.add(stream)) {
            stream.overSince = nanoTime.getAsLong();
        }
        updateReading();
    }

    /** Returns why the tunnel is not read. The value has a meaning only while it is not read. */
    public final PauseCause pauseCause() {
        if (!totalOver) {
            return PauseCause.STREAM_BUFFER;
        }
        return waiting > limits.tunnelBuffer() ? PauseCause.TUNNEL_BUFFER : PauseCause.BUFFER_MEMORY;
    }

    private void updateReading() {
        if (waiting <= limits.tunnelBuffer() / 2 && (waiting == 0 || memory.isRelaxed())) {
            totalOver = false;
        } else if (!totalOver && (waiting > limits.tunnelBuffer() || memory.isExceeded())) {
            totalOver = true;
        }
        boolean mayRead = over.isEmpty() && !totalOver;
        if (mayRead != reading) {
            output.reading(mayRead);
            reading = mayRead; // stays unchanged if that call throws, so that the next update repeats it
        }
    }
}
