package io.portproxy.tunnel.stream;

import io.portproxy.mux.Session;
import io.portproxy.mux.Stream;
import io.portproxy.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream's socket into the tunnel, one frame at a time. It does not read while the peer's window is full, while
 * it waits for its turn at the tunnel, or while its bandwidth is used up. On the tunnel's loop.
 */
final class StreamReader implements Pace.Owner {
    /**
     * The most bytes that one stream may put into the tunnel before another stream's turn, rounded up to a whole frame.
     */
    private static final int BYTES_A_TURN = 256 * 1024;

    /** The most bytes that a stream may send in an epoch of the tunnel and still go before others. */
    private static final int SPARSE = 16 * 1024;

    /** The most bytes of a small message: a request or a keystroke, not a piece of bulk data. */
    private static final int SMALL = 4 * 1024;

    /** This number of small messages in a row cannot be the remainders of bulk data. */
    private static final int SMALL_READS = 8;

    /** The socket as a whole. */
    interface Owner extends StreamOutput.Turn {
        /** Returns whether it is a user's socket; otherwise it is a target's. */
        boolean isUsers();

        /** Returns whether it is connected and the stream is not over. */
        boolean isOpen();

        Transport transport();

        Stream stream();

        /** Updates the interest of the selector, because it may have changed. */
        void updateInterest();

        /** Is called when the input from the socket is not acceptable. */
        void refuse();

        /** Is called when the connection leaves the stream. */
        void leave();

        /** Is called when the socket's FIN has come, and all bytes before it have been read. */
        void inputEnded();

        /** Is called when bytes have come from the socket. */
        void active();

        /** Is called when the socket could not be read. */
        void inputBroke(IOException cause);

        /** Is called after a bug. */
        void abort();
    }

    private final Session session;
    private final StreamOutput output;
    private final Owner socket;
    private final StreamInput input;
    private final StreamObserver observer;
    private boolean ended;
    private boolean windowFull; // whether the peer takes no more of this stream for now
    private boolean waitsForTurn;
    private @Nullable Pace pace; // null without a bandwidth
    private int epoch;
    private int sentInEpoch;
    private int lastRead;
    private int smallReads = SMALL_READS - 1; // in a row; the first message of a new stream counts at once
    private long bytes;

    StreamReader(StreamContext context, Owner socket, StreamInput input, StreamObserver observer) {
        this.session = context.session();
        this.output = context.output();
        this.socket = socket;
        this.input = input;
        this.observer = observer;
    }

    /** Returns the number of bytes that were read. */
    long bytes() {
        return bytes;
    }

    boolean waitsForWindow() {
        return windowFull;
    }

    boolean waitsForTurn() {
        return waitsForTurn;
    }

    /** Returns whether the selector must report when the socket has bytes. */
    boolean waitsForSocket() {
        return isReading() && !waitsForTurn && !windowFull && (pace == null || !pace.isWaiting());
    }

    /** Returns whether there may still be bytes to relay. */
    boolean isReading() {
        return socket.isOpen() && !ended;
    }

    /** Reads nothing more: the input has ended, or nobody wants the rest. */
    void end() {
        ended = true;
    }

    /** Is called when the socket has bytes. */
    void ready() throws IOException {
        if (isReading()) {
            boolean firstAnswer = bytes == 0 && !socket.isUsers();
            relay(output.isPrompt() ? 1 : BYTES_A_TURN);
            if (firstAnswer && bytes > 0 && bytes < SPARSE && waitsForSocket()) {
                relay(1); // if the target answers once and closes, it has closed by now: both leave together
            }
        }
    }

    /** Is called when the stream's turn at the tunnel has come. */
    void turn() throws IOException {
        waitsForTurn = false;
        if (isReading()) {
            relay(1);
        }
    }

    /** Sets a new bandwidth. */
    void keep(@Nullable Pace other) {
        if (pace != null) {
            pace.stop();
        }
        pace = other;
    }

    @Override
    public void paceReady() {
        try {
            if (isReading() && !waitsForTurn) {
                relay(1);
            }
        } catch (IOException e) {
            socket.inputBroke(e);
        }
    }

    @Override
    public void abort() {
        socket.abort();
    }

    /** Stops, because the stream has ended. */
    void stop() {
        if (pace != null) {
            pace.stop();
        }
    }

    /** Is called when the peer takes more bytes. */
    void windowGrew() {
        windowFull = false;
        observer.windowOpen();
        resume();
    }

    /** Reads again, although the selector has reported nothing. */
    void resume() {
        if (isReading()) {
            waitForTurn();
        }
    }

    /**
     * Reads from the socket into the tunnel while the tunnel and the stream's window take it.
     *
     * @param least how many bytes are enough; up to one frame more may be read
     */
    private void relay(int least) throws IOException {
        long enough = bytes + least;
        while (bytes < enough) {
            if (!output.takesData(isSparse())) {
                waitForTurn();
                return;
            }
            long room = session.sendRoom(socket.stream());
            windowFull = room == 0;
            if (windowFull) {
                observer.windowFull();
                rest();
                socket.updateInterest();
                return;
            }
            if (pace != null) {
                room = Math.min(room, pace.room());
                if (room == 0) {
                    socket.updateInterest();
                    return;
                }
            }
            if (!readFrame(room)) {
                break;
            }
        }
        if (isReading() && hasHeld()) {
            waitForTurn(); // the selector does not know of these bytes
        } else {
            rest();
            socket.updateInterest();
        }
    }

    private void rest() {
        if (pace != null) {
            pace.rest();
        }
    }

    /** Reads one frame of at most {@code most} bytes. Returns whether there may be more to read. */
    private boolean readFrame(long most) throws IOException {
        ByteBuffer room = output.dataRoom((int) Math.min(most, output.mostData()));
        int start = room.position();
        int result = 0;
        boolean full;
        try {
            result = input.read(socket.transport(), room);
        } finally {
            full = !room.hasRemaining();
            room.position(start + Math.max(result, 0));
            output.addData(socket.stream().identity(), Math.max(result, 0));
        }
        if (result > 0) {
            count(result);
        } else if (result == StreamInput.REFUSED) {
            socket.refuse();
            return false;
        } else if (result == StreamInput.LEAVES) {
            ended = true;
            socket.leave();
            return false;
        } else if (result < 0) {
            ended = true;
            socket.inputEnded();
            return false;
        }
        return full || hasHeld();
    }

    /** Returns whether there are bytes to read that have already left the socket. */
    private boolean hasHeld() {
        return input.hasHeld() || socket.transport().hasBuffered();
    }

    private void count(int length) {
        bytes += length;
        observer.read(length);
        socket.active();
        if (pace != null) {
            pace.passed(length);
        }
        session.sent(socket.stream(), length);
        sentInEpoch += length;
        lastRead = length;
        smallReads = length > SMALL ? 0 : Math.min(smallReads + 1, SMALL_READS);
        if (smallReads == SMALL_READS) {
            output.smallMessage();
        }
    }

    /** Returns whether the stream has sent so little recently that it may go before others. */
    private boolean isSparse() {
        int now = output.epoch();
        if (epoch != now) {
            epoch = now;
            sentInEpoch = 0;
        }
        return sentInEpoch < SPARSE && lastRead < SPARSE;
    }

    private void waitForTurn() {
        if (!waitsForTurn) {
            waitsForTurn = true;
            observer.waitsForTurn();
            socket.updateInterest();
            output.queueForTurn(socket);
        }
    }
}
