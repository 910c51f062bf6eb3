package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;

/** The socket at our end of a stream, as its session sees it. All methods run on the tunnel's loop. */
public interface Endpoint {

    /**
     * Bytes from the peer. Write what the socket takes, and keep the rest. Report to {@link Session#delivered} what was
     * written, now and later, and to {@link Session#waiting} what is kept.
     *
     * @param data read it to its end, and do not keep a reference
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

    /** The peer's socket is connected. Called at most once, and never by a classic peer. */
    default void opened() {}

    /** {@link Session#sendRoom} was 0 and has grown: more may be sent to the peer. */
    void sendRoomGrew();

    /**
     * All bytes of the peer have come: send a FIN after those that wait, then call {@link Session#outputEnded}. Bytes
     * from our socket still go to the peer.
     */
    void finish();

    /** As {@link #finish}, but nothing more goes to the peer: what the socket still sends is thrown away. */
    void finishAndClose();

    /** Both directions have ended cleanly: close. */
    void release();

    /** End the connection with a RST at once. The session has forgotten the stream. */
    void reset(Reason reason);
}
