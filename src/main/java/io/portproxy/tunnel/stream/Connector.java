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
     * @throws IOException if no socket can be opened
     */
    Attempt open(EventLoop loop) throws IOException;

    /** One attempt to connect. The caller must start or cancel it. */
    interface Attempt {
        /** Starts to connect. Calls the callback once, during this call or later, unless the attempt is cancelled. */
        void start(Callback callback);

        /**
         * Stops. The callback is not called any more. If the socket is already connected, it is reset, so that the
         * target does not take an empty stream for a complete one.
         */
        void cancel();
    }

    /** Gets the result of an attempt. */
    interface Callback {
        /**
         * Is called when the socket is connected.
         *
         * @param key the socket's key, without interest; the caller attaches itself to it
         */
        void connected(SelectionKey key);

        /** Is called when the attempt has failed. */
        void failed(Reason reason, IOException cause);

        /** Is called when the loop has ended, or after a bug. */
        void abort();
    }
}
