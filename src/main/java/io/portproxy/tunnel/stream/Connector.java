package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/** Brings up the socket of a stream's target: which kind, and where to, is the connector's. On the tunnel's loop. */
@FunctionalInterface
public interface Connector {

    /**
     * Takes what it cannot do without, a socket, and dials nothing yet.
     *
     * @throws IOException there is none to be had
     */
    Attempt open(EventLoop loop) throws IOException;

    /** One attempt, which is to be started or cancelled. */
    interface Attempt {
        /** Begins. Tells its outcome once, at once or later, unless it is cancelled. */
        void start(Outcome outcome);

        /** Tells nothing more, and resets what may be connected: a target must not take the end of nothing for a complete stream. */
        void cancel();
    }

    /** What comes of it. */
    interface Outcome {
        /**
         * The socket is connected.
         *
         * @param key its key, for the caller to attach itself to; without interest
         */
        void connected(SelectionKey key);

        /** It is not, for good. */
        void failed(Reason reason, IOException cause);

        /** The loop has ended, or a bug was met. */
        void abort();
    }
}
