package io.portproxy.tunnel.stream;

import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * Reads a stream's bytes from its socket. Each stream has one of its own, or {@link #PLAIN}, which passes bytes
 * unchanged. On the tunnel's loop.
 */
public interface StreamInput {
    /** The socket's input is at its end. */
    int END = -1;

    /** The input is not acceptable: send {@link #refusal} and end the connection. */
    int REFUSED = -2;

    /** The connection leaves the stream, together with bytes that were read but not passed on: see {@link #left}. */
    int LEAVES = -3;

    /** No bytes. */
    ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Passes bytes as they are. */
    StreamInput PLAIN = ReadableByteChannel::read;

    /**
     * Reads bytes for the tunnel.
     *
     * @param socket the stream's socket
     * @param out gets what is to be sent through the tunnel
     * @return the number of bytes, {@link #END}, {@link #REFUSED} or {@link #LEAVES}
     * @throws IOException the socket is broken
     */
    int read(ReadableByteChannel socket, ByteBuffer out) throws IOException;

    /**
     * Gives an action that makes the stream read again when neither the socket nor the peer has sent anything. Called
     * once.
     */
    default void resumeWith(Runnable action) {}

    /** Whether {@link #read} would give something, or an end, even when the socket has nothing. */
    default boolean hasHeld() {
        return false;
    }

    /** Whether the connection has to be ended now, as after {@link #REFUSED}. */
    default boolean isRefused() {
        return false;
    }

    /**
     * Gets all bytes that go to the socket, in order, and may replace them.
     *
     * @return what to write now: {@code data} unchanged, or another buffer, in which case {@code data} has been read to
     *     its end
     */
    default ByteBuffer delivering(ByteBuffer data) {
        return data;
    }

    /** No more bytes come for the socket. Returns the bytes that were kept and are still to be written. */
    default ByteBuffer deliveryEnds() {
        return NOTHING;
    }

    /**
     * Whether everything that the socket has sent so far is complete, as far as this can tell, so that an end now would
     * cut nothing.
     */
    default boolean isComplete() {
        return false;
    }

    /**
     * The answer for the socket after {@link #REFUSED}; may be of no bytes.
     *
     * @return empty if an earlier answer is not complete, so that the socket has to be reset
     */
    default Optional<ByteBuffer> refusal() {
        return Optional.empty();
    }

    /** Why the input was refused, for the log. */
    default String refusalReason() {
        return "";
    }

    /** The stream has released the connection after {@link #LEAVES}: it belongs to the input now. */
    default void left() {}

    /**
     * The stream ended too early. An input that can answer the user itself takes over the connection.
     *
     * @return whether it has; otherwise the connection is reset
     */
    default boolean takesOver(Reason reason) {
        return false;
    }

    /**
     * The stream has ended cleanly, but perhaps without a target: a classic peer does not say whether it reached one.
     * An input may take over the connection as with {@link #takesOver}.
     */
    default boolean takesOverEnd() {
        return false;
    }

    /** The stream has ended. */
    default void closed() {}
}
