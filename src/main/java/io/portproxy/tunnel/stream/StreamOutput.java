package io.portproxy.tunnel.stream;

import java.nio.ByteBuffer;

/**
 * The tunnel, as a sending stream sees it. Many streams share it, and each waits for its turn. On the tunnel's loop.
 */
public interface StreamOutput {

    /** A stream that waits for its turn. */
    @FunctionalInterface
    interface Turn {
        /** Is called when the turn has come: the tunnel takes a frame. */
        void turn();
    }

    /**
     * Returns whether a stream may read data for the tunnel into {@link #dataRoom} now.
     *
     * @param sparse whether it has sent little in this {@link #epoch}
     */
    boolean takesData(boolean sparse);

    /**
     * Returns the most bytes of data for one frame at present. A larger frame costs less for each byte, but other
     * streams wait longer for it.
     */
    int mostData();

    /**
     * Returns a place to read data into. Requires {@link #takesData}. The caller then calls {@link #addData}.
     *
     * @param most the most bytes of data, 1 to {@link #mostData}
     */
    ByteBuffer dataRoom(int most);

    /** Makes a frame from the bytes that were read into {@link #dataRoom}. Makes none if that is 0 bytes. */
    void addData(long identity, int length);

    /**
     * Returns a number that changes whenever the tunnel has sent a large part of the bytes that it may have in flight.
     */
    int epoch();

    /** Reports that a stream of small messages has sent one. */
    void smallMessage();

    /**
     * Returns whether small messages were sent recently, so that large transfers must leave room for them. Is always
     * false in the classic dialect.
     */
    boolean isPrompt();

    /**
     * Queues a stream. Its {@link Turn#turn} is called when the tunnel takes data and the streams before it have had
     * their turn.
     */
    void queueForTurn(Turn stream);

    /** Returns whether it accepts nothing any more. */
    boolean isClosed();
}
