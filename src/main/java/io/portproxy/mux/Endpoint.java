package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;

/** The socket at our end of a stream, as its session sees it. All on the tunnel's loop. */
public interface Endpoint {

    /**
     * Bytes from the peer: write what the socket takes and keep the rest, all of it, telling {@link Session#waiting}.
     *
     * @param data to be read to its end; not to be kept
     */
    void deliver(ByteBuffer data);

    /** The peer's bytes have all come: end the connection cleanly after those that wait, then {@link Session#closed}. */
    void finish();

    /** End the connection with a RST at once. The session has forgotten the stream. */
    void reset(Reason reason);
}
