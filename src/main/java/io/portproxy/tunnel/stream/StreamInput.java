package io.portproxy.tunnel.stream;

import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * How a stream's bytes are taken from its socket; one for each stream, or {@link #PLAIN} for all whose bytes pass as
 * they are. On the tunnel's loop.
 */
public interface StreamInput {
    /** The socket's input is at its end. */
    int END = -1;

    /** What came is not acceptable: {@link #refusal} is to be sent, and the connection ended. */
    int REFUSED = -2;

    /** The connection goes elsewhere, with what was read of it and not given: see {@link #left}. */
    int LEAVES = -3;

    /** No bytes. */
    ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Passes bytes as they are. */
    StreamInput PLAIN = ReadableByteChannel::read;

    /**
     * Takes bytes for the tunnel.
     *
     * @param socket the stream's socket
     * @param out gets what is to be sent through the tunnel
     * @return how many bytes that were, {@link #END}, {@link #REFUSED} or {@link #LEAVES}
     * @throws IOException the socket is broken
     */
    int read(ReadableByteChannel socket, ByteBuffer out) throws IOException;

    /** Tells how to have the stream looked at again when neither the socket nor the peer has sent anything. Called once. */
    default void resumeWith(Runnable action) {}

    /** Whether {@link #read} would give something, or an end, even when the socket has nothing. */
    default boolean hasHeld() {
        return false;
    }

    /** Whether the connection is to be ended now as after {@link #REFUSED}. */
    default boolean isRefused() {
        return false;
    }

    /**
     * Sees what goes to the socket, all of it in order.
     *
     * @return what goes there now: {@code data} as it was, or another buffer, and then {@code data} is taken
     */
    default ByteBuffer delivering(ByteBuffer data) {
        return data;
    }

    /** Nothing more goes to the socket but this, which was kept. */
    default ByteBuffer deliveryEnds() {
        return NOTHING;
    }

    /** Whether what the socket has sent so far is complete, as far as can be told, so that its end would cut nothing. */
    default boolean isComplete() {
        return false;
    }

    /**
     * What the socket is to be told after {@link #REFUSED}; may have no bytes.
     *
     * @return empty if what it was sent before is not complete, so that it is to be reset
     */
    default Optional<ByteBuffer> refusal() {
        return Optional.empty();
    }

    /** Why, for the log. */
    default String refusalReason() {
        return "";
    }

    /** The stream has let go of the connection after {@link #LEAVES}: it is the input's now. */
    default void left() {}

    /**
     * The stream is over before its time. An input that can answer the connection's other end itself takes the connection over, and
     * does so.
     *
     * @return whether it has; otherwise the connection is reset
     */
    default boolean takesOver(Reason reason) {
        return false;
    }

    /**
     * The stream has ended cleanly, though perhaps for nothing: a classic peer does not say whether there was a target. An input may take the
     * connection over as with {@link #takesOver}.
     */
    default boolean takesOverEnd() {
        return false;
    }

    /** The stream has ended. */
    default void closed() {}
}
