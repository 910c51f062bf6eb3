package io.portproxy.tunnel.stream;

import io.portproxy.mux.Session;
import io.portproxy.net.EventLoop;
import java.time.Duration;

/**
 * What the streams of one tunnel share.
 *
 * @param loop runs everything
 * @param session hears what becomes of each stream's socket
 * @param output takes what the sockets send
 * @param lingerTimeout how long a socket that has been sent its last byte is still read, and its bytes thrown away
 * @param owner hears what concerns more than a stream
 */
public record StreamContext(EventLoop loop, Session session, StreamOutput output, Duration lingerTimeout, Owner owner) {

    /** Who has the streams. On the loop. */
    public interface Owner {
        /** A stream has ended, cleanly or not. */
        void streamEnded();

        /** The peer could not be told that a stream has ended: only the end of the tunnel tells it. */
        void abort();
    }
}
