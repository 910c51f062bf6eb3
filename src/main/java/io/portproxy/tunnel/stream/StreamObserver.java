package io.portproxy.tunnel.stream;

import io.portproxy.protocol.Reason;
import java.io.IOException;

/**
 * Is told what happens to one stream, to count and report it. All methods run on the tunnel's loop. If one throws, that
 * is logged and the stream is not affected.
 */
public interface StreamObserver {

    /** The stream has begun. If the target is on this side, it is being connected. */
    default void opened(long identity) {}

    /** The target's socket is connected. May be called several times, because each side learns it in its own way. */
    default void connected() {}

    /** Bytes came from the socket. Called for each chunk, so it must be cheap. */
    default void read(int bytes) {}

    /** Bytes came for the socket. Called for each chunk, so it must be cheap. */
    default void received(int bytes) {}

    /** A datagram was dropped, in either direction. Called for each one, so it must be cheap. */
    default void dropped(DatagramDrop why) {}

    /** The peer's window is full. */
    default void windowFull() {}

    /** The peer's window has room again. */
    default void windowOpen() {}

    /** The stream waits for its turn at the tunnel from now on. */
    default void waitsForTurn() {}

    /** The input from the socket was refused. */
    default void refused(String why) {}

    /** The socket could not be connected. */
    default void connectFailed(Reason reason, IOException cause) {}

    /** The socket is broken. */
    default void failed(Reason reason, IOException cause) {}

    /**
     * The stream is over. Called once if {@link #opened} was called.
     *
     * @param read bytes that came from the socket
     * @param received bytes that came for it
     */
    default void closed(Reason reason, long read, long received) {}
}
