package io.portproxy.tunnel.stream;

import io.portproxy.protocol.Reason;
import java.io.IOException;

/**
 * Hears what happens to one stream, to count it and tell it. All on the tunnel's loop. What it throws is logged and costs the
 * stream nothing.
 */
public interface StreamObserver {

    /** The stream has begun; a target is dialled now. */
    default void opened(long identity) {}

    /** The target's socket is connected. May come several times, as each side learns it in its own way. */
    default void connected() {}

    /** Bytes came from the socket. With each chunk: must be cheap. */
    default void read(int bytes) {}

    /** Bytes came for the socket. With each chunk: must be cheap. */
    default void received(int bytes) {}

    /** A datagram could not be passed on, in either direction. With each one: must be cheap. */
    default void dropped(DatagramDrop why) {}

    /** The peer takes no more for now. */
    default void windowFull() {}

    /** The peer takes more. */
    default void windowOpen() {}

    /** The stream waits for its turn at the tunnel from now on. */
    default void waitsForTurn() {}

    /** What came from the socket is not acceptable. */
    default void refused(String why) {}

    /** The socket could not be connected. */
    default void connectFailed(Reason reason, IOException cause) {}

    /** The socket is broken. */
    default void failed(Reason reason, IOException cause) {}

    /**
     * The stream is over. Comes once, if {@link #opened} did.
     *
     * @param read bytes that came from the socket
     * @param received bytes that came for it
     */
    default void closed(Reason reason, long read, long received) {}
}
