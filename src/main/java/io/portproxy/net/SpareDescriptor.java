package io.portproxy.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One file descriptor held in reserve. When none is left a listener gives it up, accepts the user with it and resets
 * that user's connection at once; otherwise the connection would stay in the backlog, wake the loop for ever, and its
 * user would wait. Loop's thread only.
 */
final class SpareDescriptor {
    private @Nullable SocketChannel spare;

    /**
     * The JDK makes ready what closes a channel when the first one is closed, and needs descriptors for that. If it were
     * to happen when none is left, no channel could be closed any more for the life of the process.
     *
     * @throws IOException none is left
     */
    SpareDescriptor() throws IOException {
        hold();
        release();
    }

    /**
     * Gives the descriptor up for the moment.
     *
     * @return whether there was one
     */
    boolean release() {
        if (spare == null) {
            return false;
        }
        Sockets.close(spare);
        spare = null;
        return true;
    }

    /**
     * Takes a descriptor, unless it has one.
     *
     * @throws IOException none is left; another call tries again
     */
    void hold() throws IOException {
        if (spare == null) {
            spare = SocketChannel.open();
        }
    }
}
