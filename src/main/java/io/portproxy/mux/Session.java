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
 * One tunnel's session: its streams and what waits for their sockets, as a state machine without I/O. Instructions and
 * socket events come in as calls; what is to be done goes out to {@link SessionOutput} and {@link Endpoint}. The dialects differ
 * in how a stream ends and in flow control; what they share is here.
 *
 * <p>Memory: when more than a bound waits for the tunnel's sockets together, or for all sockets of the process, the
 * tunnel is not read until half of that is gone. Streams whose sockets have taken nothing for longer than the stall timeout
 * are dropped for it, the largest first; whoever reads, however slowly, is not.
 *
 * <p>Not thread-safe: belongs to the tunnel's loop.
 */
public abstract sealed class Session permits ClassicSession, ExtendedSession {
    final SessionLimits limits;
    final SessionOutput output;
    final MemoryCeiling memory;
    final LongSupplier nanoTime;
    private final long stallNanos;
    private final StreamTable streams = new StreamTable();
    /** Streams whose identity is forgotten while their last bytes are delivered. */
    private final Set<Stream> finishing = new LinkedHashSet<>();
    /** Streams that on their own keep the tunnel from being read. */
    private final Set<Stream> over = new LinkedHashSet<>();

    private int datagramStreams;

    private volatile long waiting; // read by others; changes only when something waits, not with each chunk
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

    /** Streams that are not closed, those that only deliver their last bytes among them. */
    public final int live() {
        return streams.size() + finishing.size();
    }

    /** Of {@link #live}, those that carry datagrams: nothing of them is lost that could be complete. */
    public final int datagramStreams() {
        return datagramStreams;
    }

    /** Bytes that wait for sockets. Any thread. */
    public final long waiting() {
        return waiting;
    }

    /** The streams that are not closed. */
    public final List<Stream> streams() {
        List<Stream> all = streams.toList();
        all.addAll(finishing);
        return all;
    }

    /** Whether another stream is within the limit. */
    public final boolean hasRoom() {
        return live() < limits.maxStreams();
    }

    /**
     * Adds a stream, ours or the peer's; needs {@link #hasRoom}.
     *
     * @throws ProtocolException the identity is in use, so the peer is wrong
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
     * As {@link #add}, for a stream that carries datagrams.
     *
     * @throws ProtocolException the identity is in use, so the peer is wrong
     */
    public final Stream addDatagrams(long identity, Endpoint endpoint) throws ProtocolException {
        Stream stream = add(identity, endpoint);
        stream.datagrams = true;
        datagramStreams++;
        return stream;
    }

    /**
     * Checks what comes before everything else that a new stream may need or lack.
     *
     * @throws ProtocolException the identity is in use, so the peer is wrong
     */
    public final void requireUnused(long identity) throws ProtocolException {
        if (streams.get(identity) != null) {
            throw new ProtocolException("a second stream with the identity " + Identity.format(identity));
        }
    }

    /** A stream was added. */
    abstract void begin(Stream stream);

    /** The peer sends nothing more on a stream that was added. */
    abstract void ended(Stream stream);

    /**
     * InsData, or a part of it. An unknown identity is skipped: the two sides close at the same time now and then.
     *
     * @throws ProtocolException the peer had no right to send it
     */
    public final void data(long identity, ByteBuffer data) throws ProtocolException {
        Stream stream = streams.get(identity);
        if (stream != null) {
            receive(stream, data.remaining());
            stream.endpoint.deliver(data);
        }
    }

    abstract void receive(Stream stream, int length) throws ProtocolException;

    /** InsCloseConnection. An unknown identity is skipped, and it is never answered. */
    public abstract void closeConnection(long identity);

    /** How many bytes may be read from our socket for the peer. */
    public abstract long sendRoom(Stream stream);

    /** As many bytes of our socket go to the peer, at most {@link #sendRoom}. */
    public abstract void sent(Stream stream, int length);

    /** Our socket, a target's, is connected. */
    public abstract void connected(Stream stream);

    /** Our socket has sent its FIN, and all its bytes have gone to the peer. */
    public abstract void inputEnded(Stream stream);

    /** All bytes of a stream that the peer ended are written to our socket, and a FIN. */
    public abstract void outputEnded(Stream stream);

    /** As many bytes of the peer have been written to our socket. */
    public final void delivered(Stream stream, long length) {
        if (stream.waiting > 0) {
            stream.progressAt = nanoTime.getAsLong();
        }
        count(stream, length);
    }

    abstract void count(Stream stream, long length);

    /**
     * The stream takes no more than that for a while: the peer is to send no more ahead, in a dialect that can tell it.
     *
     * @param bytes what it takes in a while; what the peer was allowed before may still come
     */
    public abstract void narrow(Stream stream, long bytes);

    /** What made it {@linkplain #narrow narrow} is over. */
    public abstract void widen(Stream stream);

    /** As many bytes wait for a stream's socket now. */
    public final void waiting(Stream stream, long bytes) {
        if (stream.state != StreamState.CLOSED) {
            setWaiting(stream, bytes);
        }
    }

    /** Our socket broke, or is to be dropped: the stream is over, its socket is reset, and the peer is told. */
    public final void end(Stream stream, Reason reason) {
        if (stream.state != StreamState.CLOSED) {
            boolean known = streams.get(stream.identity()) == stream;
            try {
                cut(stream, reason); // first, and whatever fails: a stream that is over has no socket
            } finally {
                if (known) {
                    tellReset(stream, reason);
                }
            }
        }
    }

    abstract void tellReset(Stream stream, Reason reason);

    /** The stream with that identity; also one that only delivers its last bytes. */
    public final Optional<Stream> stream(long identity) {
        return Optional.ofNullable(streams.get(identity))
                .or(() -> finishing.stream()
                        .filter(stream -> stream.identity() == identity)
                        .findFirst());
    }

    /** Ends a stream of which only the identity is known. Returns whether there was one. */
    public final boolean reset(long identity, Reason reason) {
        Optional<Stream> found = stream(identity);
        found.ifPresent(stream -> end(stream, reason));
        return found.isPresent();
    }

    /**
     * Our side will have no more of the stream, but what waits for our socket, and a FIN, is still delivered. The peer
     * is told.
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
     * The peer has closed the tunnel after all its streams were over: those of ours that only deliver their last bytes are
     * complete, and outlive the tunnel.
     */
    public final void keepComplete() {
        for (Stream stream : streams.toList()) {
            if (stream.state == StreamState.BOTH_ENDED) {
                forget(stream);
            }
        }
    }

    /** The tunnel is gone: resets every stream that is not complete. */
    public final void cut(Reason reason) {
        for (Stream stream = streams.any(); stream != null; stream = streams.any()) {
            cut(stream, reason);
        }
    }

    /** The stream is over: its socket is reset, whatever fails here. */
    final void cut(Stream stream, Reason reason) {
        try {
            close(stream);
        } finally {
            stream.endpoint.reset(reason);
        }
    }

    /** Looks whether reading may go on, and drops what has stalled. To be called now and then while it may not. */
    public final void checkStall() {
        updateReading(); // other tunnels may have given memory back
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

    /** The largest first. Whoever has stalled for so long already is to blame at once. */
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

    /** Each of them would hold the tunnel up for another stall timeout as soon as it is read again. */
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

    /** Both directions are over, but bytes wait for our socket: the identity is free. */
    final void forget(Stream stream) {
        finishing.add(stream); // first: without memory for that, it is still in the table, which a lost tunnel cuts
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

    /** Bytes that may wait for a socket that is not connected yet: more end its stream. */
    public abstract long mostUnconnected();

    /** Whether so much waits for the stream that the tunnel must not be read; {@code resume}: or still must not. */
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

    /** Why the tunnel is not read; has a meaning while it is not. */
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
            reading = mayRead; // not if that threw: then it is told again
        }
    }
}
