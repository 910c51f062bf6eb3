package io.portproxy.tunnel.stream;

import io.portproxy.mux.Session;
import io.portproxy.net.EventLoop;
import java.time.Duration;

/**
 * The parts that all streams of one tunnel share.
 *
 * @param loop runs everything
 * @param session gets the events of each stream's socket
 * @param output takes the bytes from the sockets
 * @param lingerTimeout how long a socket is still read (and its bytes discarded) after it has been sent its last byte
 * @param owner gets the events that concern more than one stream
 */
public record StreamContext(EventLoop loop, Session session, StreamOutput output, Duration lingerTimeout, Owner owner) {

    /** The owner of the streams. On the loop. */
    public interface Owner {
        /** Is called when a stream has ended, cleanly or not. */
        void streamEnded();

        /**
         * Is called when this side could not report a stream's end to the peer. The tunnel must end, so that the peer
         * learns it.
         */
        void abort();
    }
}
