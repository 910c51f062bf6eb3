package io.portproxy.tunnel.stream;

import io.portproxy.protocol.Reason;
import java.io.IOException;

/**
 * Gets the events of one stream, to count and report them. All methods run on the tunnel's loop. If a method throws,
 * the exception is logged and does not affect the stream.
 */
public interface StreamObserver {

    /** Is called when the stream has begun. If the target is on this side, it is being connected. */
    default void opened(long identity) {}

    /**
     * Is called when the target's socket is connected. May be called several times, because there is more than one sign
     * of it.
     */
    default void connected() {}

    /** Is called when bytes came from the socket. Is called for each chunk, so it must be cheap. */
    default void read(int bytes) {}

    /** Is called when bytes came for the socket. Is called for each chunk, so it must be cheap. */
    default void received(int bytes) {}

    /** Is called when a datagram was dropped, in either direction. Is called for each datagram, so it must be cheap. */
    default void dropped(DatagramDrop why) {}

    /** Is called when the peer's window is full. */
    default void windowFull() {}

    /** Is called when the peer's window has room again. */
    default void windowOpen() {}

    /** Is called when the stream begins to wait for its turn at the tunnel. */
    default void waitsForTurn() {}

    /** Is called when the input from the socket was refused. */
    default void refused(String why) {}

    /** Is called when the socket could not be connected. */
    default void connectFailed(Reason reason, IOException cause) {}

    /** Is called when the socket is broken. */
    default void failed(Reason reason, IOException cause) {}

    /**
     * Is called once when the stream is over, if {@link #opened} was called.
     *
     * @param read the bytes that came from the socket
     * @param received the bytes that came for it
     */
    default void closed(Reason reason, long read, long received) {}
}
