package io.portproxy.tunnel.stream;

import java.nio.ByteBuffer;

/** The tunnel as a stream sees it that sends: many streams share it, and each waits for its turn. On the tunnel's loop. */
public interface StreamOutput {

    /** A stream that waits for its turn. */
    @FunctionalInterface
    interface Turn {
        /** It has come: the tunnel takes a frame. */
        void turn();
    }

    /**
     * Whether a stream may read data for the tunnel into {@link #dataRoom} now.
     *
     * @param sparse whether it has sent little in this {@link #epoch}
     */
    boolean takesData(boolean sparse);

    /** The most data in bytes for one frame just now. A large one costs less for each byte, and holds others up for longer. */
    int mostData();

    /**
     * A place to read data into; needs {@link #takesData}. The caller then calls {@link #addData}.
     *
     * @param most of the data in bytes, 1 to {@link #mostData}
     */
    ByteBuffer dataRoom(int most);

    /** Makes a frame of what was read into {@link #dataRoom}; of nothing when that is 0 bytes. */
    void addData(long identity, int length);

    /** A number that changes whenever the tunnel has sent a good part of what it may have in flight. */
    int epoch();

    /** A stream that sends small messages has sent one. */
    void smallMessage();

    /** Whether there were small messages of late, which bulk is to give way to; unknown in the classic dialect. */
    boolean isPrompt();

    /** Has {@link Turn#turn} called when the tunnel takes data and those before it have had their turn. */
    void queueForTurn(Turn stream);

    /** Whether it takes nothing any more. */
    boolean isClosed();
}
