package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * Opens the socket of a stream's target. An implementation knows the kind of socket and its address. On the tunnel's
 * loop.
 */
@FunctionalInterface
public interface Connector {

    /**
     * Opens a socket, but does not connect it yet.
     *
     * @throws IOException no socket can be opened
     */
    Attempt open(EventLoop loop) throws IOException;

    /** One attempt to connect. The caller has to start or cancel it. */
    interface Attempt {
        /**
         * Starts to connect. The outcome is called once, during this call or later, unless the attempt is cancelled.
         */
        void start(Outcome outcome);

        /**
         * Stops. The outcome is not called any more. A socket that is connected already is reset, so that the target
         * does not take an empty stream for a complete one.
         */
        void cancel();
    }

    /** How an attempt ends. */
    interface Outcome {
        /**
         * The socket is connected.
         *
         * @param key its key, for the caller to attach itself to; without interest
         */
        void connected(SelectionKey key);

        /** The attempt has failed. */
        void failed(Reason reason, IOException cause);

        /** The loop has ended, or a bug was met. */
        void abort();
    }
}
