package io.portproxy.tunnel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * How a stream's bytes are taken from its socket; one for each stream, or {@link #PLAIN} for all whose bytes pass as
 * they are. On the tunnel's loop.
 */
public interface StreamInput {
    /** The socket's input is at its end. */
    int END = -1;

    /** What came is not acceptable: {@link #refusal} is to be sent, and the connection ended. */
    int REFUSED = -2;

    /** Passes bytes as they are. */
    StreamInput PLAIN = ReadableByteChannel::read;

    /**
     * Takes bytes for the tunnel.
     *
     * @param socket the stream's socket
     * @param out gets what is to be sent through the tunnel
     * @return how many bytes that were, {@link #END} or {@link #REFUSED}
     * @throws IOException the socket is broken
     */
    int read(ReadableByteChannel socket, ByteBuffer out) throws IOException;

    /** Tells how to have the stream read again after a pause that {@link #delivering} does not end. Called once. */
    default void resumeWith(Runnable action) {}

    /** Whether {@link #read} would give something even when the socket has nothing. */
    default boolean hasHeld() {
        return false;
    }

    /** Whether {@link #read} is not to be called for now. */
    default boolean isPaused() {
        return false;
    }

    /** Sees what goes to the socket, all of it in order; must leave it as it is. May end a pause. */
    default void delivering(ByteBuffer data) {}

    /** What the socket is to be told after {@link #REFUSED}; may be empty. */
    default ByteBuffer refusal() {
        return ByteBuffer.allocate(0);
    }

    /** Why, for the log. */
    default String refusalReason() {
        return "";
    }

    /** The stream has ended. */
    default void closed() {}
}
