package io.portproxy.tunnel.stream;

import java.nio.ByteBuffer;

/**
 * The tunnel, as a sending stream sees it. Many streams share it, and each waits for its turn. On the tunnel's loop.
 */
public interface StreamOutput {

    /** A stream that waits for its turn. */
    @FunctionalInterface
    interface Turn {
        /** The turn has come: the tunnel takes a frame. */
        void turn();
    }

    /**
     * Whether a stream may read data for the tunnel into {@link #dataRoom} now.
     *
     * @param sparse whether it has sent little in this {@link #epoch}
     */
    boolean takesData(boolean sparse);

    /**
     * The largest data in bytes for one frame at the moment. A larger frame costs less for each byte, but other streams
     * wait longer for it.
     */
    int mostData();

    /**
     * A place to read data into; needs {@link #takesData}. The caller then calls {@link #addData}.
     *
     * @param most of the data in bytes, 1 to {@link #mostData}
     */
    ByteBuffer dataRoom(int most);

    /** Makes a frame of what was read into {@link #dataRoom}; makes none if that is 0 bytes. */
    void addData(long identity, int length);

    /** A number that changes whenever the tunnel has sent a large part of the bytes that it may have in flight. */
    int epoch();

    /** A stream that sends small messages has sent one. */
    void smallMessage();

    /**
     * Whether small messages were sent lately, so that large transfers have to give way; unknown in the classic
     * dialect.
     */
    boolean isPrompt();

    /**
     * Queues a stream: {@link Turn#turn} is called when the tunnel takes data and the streams before it have had their
     * turn.
     */
    void queueForTurn(Turn stream);

    /** Whether it takes nothing any more. */
    boolean isClosed();
}
