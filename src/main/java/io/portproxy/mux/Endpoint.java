package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;

/** The socket at this side's end of a stream, as its session sees it. All methods run on the tunnel's loop. */
public interface Endpoint {

    /**
     * Delivers bytes from the peer. An implementation writes what the socket takes, and keeps the rest. It reports the
     * written bytes to {@link Session#delivered}, now and later, and the kept bytes to {@link Session#waiting}.
     *
     * @param data must be read to its end; must not be kept
     */
    void deliver(ByteBuffer data);

    /**
     * Delivers a datagram from the peer, for a stream that carries datagrams. An implementation sends it or drops it,
     * and keeps nothing.
     *
     * @param data must be read to its end
     */
    default void datagram(ByteBuffer data) {
        throw new IllegalStateException("a datagram for a stream of bytes");
    }

    /** Is called when the peer's socket is connected. Is called at most once, and never by a classic peer. */
    default void opened() {}

    /** Is called when {@link Session#sendRoom} was 0 and has grown: more bytes may go to the peer. */
    void sendRoomGrew();

    /**
     * Is called when all bytes of the peer have come. An implementation sends a FIN after those that wait, and then
     * calls {@link Session#outputEnded}. Bytes from this side's socket still go to the peer.
     */
    void finish();

    /**
     * Does the same as {@link #finish}, but nothing more goes to the peer: further bytes from the socket are discarded.
     */
    void finishAndClose();

    /** Closes the connection, because both directions have ended cleanly. */
    void release();

    /** Ends the connection with a RST at once. The session has already forgotten the stream. */
    void reset(Reason reason);
}
