package io.portproxy.tunnel.stream;

import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * Reads a stream's bytes from its socket. Each stream has an input of its own, or {@link #PLAIN}, which passes bytes
 * unchanged. On the tunnel's loop.
 */
public interface StreamInput {
    /** The socket's input has ended. */
    int END = -1;

    /** The input is not acceptable. The caller sends {@link #refusal} and ends the connection. */
    int REFUSED = -2;

    /** The connection leaves the stream, together with bytes that were read but not passed on: see {@link #left}. */
    int LEAVES = -3;

    /** No bytes. */
    ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Passes bytes unchanged. */
    StreamInput PLAIN = ReadableByteChannel::read;

    /**
     * Reads bytes for the tunnel.
     *
     * @param socket the stream's socket
     * @param out gets the bytes for the tunnel
     * @return the number of bytes, {@link #END}, {@link #REFUSED} or {@link #LEAVES}
     * @throws IOException if the socket is broken
     */
    int read(ReadableByteChannel socket, ByteBuffer out) throws IOException;

    /**
     * Gets an action that makes the stream read again when neither the socket nor the peer has sent anything. Is called
     * once.
     */
    default void resumeWith(Runnable action) {}

    /** Returns whether {@link #read} would return bytes, or an end, even if the socket has nothing. */
    default boolean hasHeld() {
        return false;
    }

    /** Returns whether the connection must end now, as after {@link #REFUSED}. */
    default boolean isRefused() {
        return false;
    }

    /**
     * Gets all bytes that go to the socket, in order, and may replace them.
     *
     * @return the bytes to write now: {@code data} unchanged, or another buffer; in that case {@code data} has been
     *     read to its end
     */
    default ByteBuffer delivering(ByteBuffer data) {
        return data;
    }

    /** Is called when no more bytes come for the socket. Returns the kept bytes that must still be written. */
    default ByteBuffer deliveryEnds() {
        return NOTHING;
    }

    /**
     * Returns whether, as far as the input can tell, everything that the socket has sent so far is complete. An end now
     * would then cut nothing off.
     */
    default boolean isComplete() {
        return false;
    }

    /**
     * Returns the answer for the socket after {@link #REFUSED}; may have no bytes.
     *
     * @return empty if an earlier answer is not complete, so that the socket must be reset
     */
    default Optional<ByteBuffer> refusal() {
        return Optional.empty();
    }

    /** Returns why the input was refused, for the log. */
    default String refusalReason() {
        return "";
    }

    /**
     * Is called when the stream has released the connection after {@link #LEAVES}. The input now owns the connection.
     */
    default void left() {}

    /**
     * Is called when the stream has ended too early. An input that can answer the user itself takes over the
     * connection.
     *
     * @return whether it has taken over; otherwise the connection is reset
     */
    default boolean takesOver(Reason reason) {
        return false;
    }

    /**
     * Is called when the stream has ended cleanly, but perhaps without a target: a classic peer does not say whether it
     * reached one. An input may take over the connection as in {@link #takesOver}.
     */
    default boolean takesOverEnd() {
        return false;
    }

    /** Is called when the stream has ended. */
    default void closed() {}
}
