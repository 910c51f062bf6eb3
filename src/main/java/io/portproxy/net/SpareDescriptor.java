package io.portproxy.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One file descriptor in reserve. When no other is left, a listener releases it, uses it to accept a user, and resets
 * that user's connection at once. Otherwise the connection would stay in the backlog, its user would wait, and it would
 * wake the loop again and again. Loop's thread only.
 */
final class SpareDescriptor {
    private @Nullable SocketChannel spare;

    /**
     * Takes a descriptor and releases it. The JDK sets up its way to close channels when the first channel is closed,
     * and needs descriptors for that. If it did so when none is left, the process could never close a channel again.
     *
     * @throws IOException if no descriptor is left
     */
    SpareDescriptor() throws IOException {
        hold();
        release();
    }

    /**
     * Releases the descriptor for now.
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
     * Takes a descriptor, unless it already has one.
     *
     * @throws IOException if no descriptor is left; another call tries again
     */
    void hold() throws IOException {
        if (spare == null) {
            spare = SocketChannel.open();
        }
    }
}
