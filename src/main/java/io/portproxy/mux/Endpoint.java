package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;

/** The socket at our end of a stream, as its session sees it. All on the tunnel's loop. */
public interface Endpoint {

    /**
     * Bytes from the peer: write what the socket takes and keep the rest, all of it. Tells {@link Session#delivered} what
     * was written, now and later, and {@link Session#waiting} what is kept.
     *
     * @param data to be read to its end; not to be kept
     */
    void deliver(ByteBuffer data);

    /**
     * A datagram from the peer, of a stream that carries them: send it or drop it, and keep nothing.
     *
     * @param data to be read to its end
     */
    default void datagram(ByteBuffer data) {
        throw new IllegalStateException("a datagram for a stream of bytes");
    }

    /** The peer's socket is there; comes once at most, and not from a classic peer. */
    default void opened() {}

    /** More may be sent to the peer than {@link Session#sendRoom} said when that was 0. */
    void sendRoomGrew();

    /**
     * The peer's bytes have all come: send a FIN behind those that wait, then tell {@link Session#outputEnded}. Our
     * socket's own bytes still go to the peer.
     */
    void finish();

    /** As {@link #finish}, but nothing more goes to the peer: what the socket still sends is thrown away. */
    void finishAndClose();

    /** Both directions have ended cleanly: close. */
    void release();

    /** End the connection with a RST at once. The session has forgotten the stream. */
    void reset(Reason reason);
}
