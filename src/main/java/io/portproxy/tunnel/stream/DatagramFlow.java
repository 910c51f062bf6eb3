package io.portproxy.tunnel.stream;

import io.portproxy.mux.Session;
import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * This side's end of a stream that carries the datagrams of one user and one target. Each datagram is passed on at once
 * or dropped. Datagrams are not changed and keep their order. The stream can only end with a Reset, from either side,
 * because datagrams have no last byte that could make the stream complete. On the tunnel's loop.
 */
public final class DatagramFlow implements StreamEnd {

    /** The socket at this end. */
    public interface Outlet {
        /**
         * Sends a datagram that came from the peer.
         *
         * @param data must be read to its end; must not be kept
         * @return why it was dropped; null if it was sent
         */
        @Nullable
        DatagramDrop write(ByteBuffer data);

        /** Is called once, when the stream is over. */
        void closed(Reason reason);
    }

    private final EventLoop loop;
    private final Session session;
    private final DatagramOutput output;
    private final StreamContext.Owner owner;
    private final Outlet outlet;
    private final GuardedObserver observer;
    private final DatagramOutput.Share share = new DatagramOutput.Share();
    private @Nullable Stream stream;
    private boolean connecting;
    private boolean closed;
    private long read;
    private long received;

    private DatagramFlow(
            StreamContext context, DatagramOutput output, Outlet outlet, StreamObserver observer, boolean connecting) {
        this.loop = context.loop();
        this.session = context.session();
        this.owner = context.owner();
        this.output = output;
        this.outlet = outlet;
        this.observer = new GuardedObserver(loop, observer);
        this.connecting = connecting;
    }

    /** Creates the flow of a user, who is already connected. */
    public static DatagramFlow ofUser(
            StreamContext context, DatagramOutput output, Outlet outlet, StreamObserver observer) {
        return new DatagramFlow(context, output, outlet, observer, false);
    }

    /** Creates the flow of a target. The caller calls {@link #connected} when the target's socket is connected. */
    public static DatagramFlow ofTarget(
            StreamContext context, DatagramOutput output, Outlet outlet, StreamObserver observer) {
        return new DatagramFlow(context, output, outlet, observer, true);
    }

    /** Begins. Is called once, before all other methods. */
    public void start(Stream newStream) {
        stream = newStream;
        observer.opened(newStream.identity());
    }

    private Stream stream() {
        return Objects.requireNonNull(stream);
    }

    /** Returns the loop of the stream. Any thread. */
    public EventLoop loop() {
        return loop;
    }

    /** Is called when the target's socket is connected. Reports that to the peer. */
    public void connected() {
        if (!closed) {
            connecting = false;
            observer.connected();
            session.connected(stream());
        }
    }

    /** Ends the stream, because the target's socket cannot be connected. */
    public void failed(Reason reason, IOException cause) {
        observer.connectFailed(reason, cause);
        end(reason);
    }

    /** Sends a datagram that came from the socket to the peer. */
    public void send(ByteBuffer data) {
        if (closed) {
            observer.dropped(DatagramDrop.REFUSED); // the socket's "closed" is called soon
            return;
        }
        int length = data.remaining();
        DatagramDrop why = length > Wire.MAX_DATAGRAM
                ? DatagramDrop.TOO_LONG
                : output.send(stream().identity(), data, share);
        if (why == null) {
            read += length;
            observer.read(length);
        } else {
            observer.dropped(why);
        }
    }

    /** Counts a datagram that could not be passed on. */
    public void dropped(DatagramDrop why) {
        observer.dropped(why);
    }

    /** Ends the stream at both sides. Does nothing if it is over. */
    public void end(Reason reason) {
        if (!closed) {
            session.end(stream(), reason);
        }
    }

    @Override
    public void datagram(ByteBuffer data) {
        int length = data.remaining();
        try {
            DatagramDrop why = outlet.write(data);
            if (why == null) {
                received += length;
                observer.received(length);
            } else {
                observer.dropped(why);
            }
        } catch (Throwable e) {
            loop.failed(this, e);
            end(Reason.GOING_AWAY);
        }
    }

    @Override
    public void opened() {
        observer.connected();
    }

    @Override
    public void reset(Reason reason) {
        if (closed) {
            return;
        }
        closed = true;
        if (stream != null) { // otherwise the observer was not told of the begin
            observer.closed(reason, read, received);
        }
        loop.guarded(() -> outlet.closed(reason));
        loop.guarded(owner::streamEnded);
    }

    // The session never makes these calls for a stream that carries datagrams.

    @Override
    public void deliver(ByteBuffer data) {
        throw new IllegalStateException("bytes for " + this);
    }

    @Override
    public void sendRoomGrew() {
        throw new IllegalStateException("a window for " + this);
    }

    @Override
    public void finish() {
        throw new IllegalStateException("an end of " + this);
    }

    @Override
    public void finishAndClose() {
        throw new IllegalStateException("an end of " + this);
    }

    @Override
    public void release() {
        throw new IllegalStateException("an end of " + this);
    }

    @Override
    public StreamStatus status() {
        return new StreamStatus(connecting, read, received, 0, false, false);
    }

    @Override
    public StreamObserver observer() {
        return observer.observer();
    }

    @Override
    public String toString() {
        return observer.toString();
    }
}
