package io.portproxy.tunnel.stream;

import io.portproxy.mux.Session;
import io.portproxy.mux.Stream;
import io.portproxy.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream's socket into the tunnel, one frame at a time. It does not read while the peer's window is full, while
 * it waits for its turn at the tunnel, and while its bandwidth is used up. On the tunnel's loop.
 */
final class StreamReader implements Pace.Owner {
    /** What one stream may put into the tunnel before another's turn, rounded up to a whole frame. */
    private static final int BYTES_A_TURN = 256 * 1024;

    /** Bytes that a stream may send in an epoch of the tunnel and still go ahead of others. */
    private static final int SPARSE = 16 * 1024;

    /** A message of at most so many bytes is small: a request, a keystroke, not a piece of bulk. */
    private static final int SMALL = 4 * 1024;

    /** So many small ones in a row are no rests of bulk. */
    private static final int SMALL_READS = 8;

    /** The socket as a whole. */
    interface Owner extends StreamOutput.Turn {
        /** Whether it is a user's, else a target's. */
        boolean isUsers();

        /** Whether it is connected and the stream is not over. */
        boolean isOpen();

        Transport transport();

        Stream stream();

        /** What the selector is to tell of has changed. */
        void updateInterest();

        /** What comes from it is not acceptable. */
        void refuse();

        /** It goes elsewhere. */
        void leave();

        /** Its FIN has come, and all before it has been read. */
        void inputEnded();

        /** Bytes have come from it. */
        void active();

        /** Reading it has failed. */
        void inputBroke(IOException cause);

        /** A bug was met. */
        void abort();
    }

    private final Session session;
    private final StreamOutput output;
    private final Owner socket;
    private final StreamInput input;
    private final StreamObserver observer;
    private boolean ended;
    private boolean windowFull; // the peer takes no more of this stream for now
    private boolean waitsForTurn;
    private @Nullable Pace pace; // while it has a bandwidth
    private int epoch;
    private int sentInEpoch;
    private int lastRead;
    private int smallReads = SMALL_READS - 1; // in a row; a fresh stream is taken at its first word
    private long bytes;

    StreamReader(StreamContext context, Owner socket, StreamInput input, StreamObserver observer) {
        this.session = context.session();
        this.output = context.output();
        this.socket = socket;
        this.input = input;
        this.observer = observer;
    }

    /** Bytes that were read. */
    long bytes() {
        return bytes;
    }

    boolean waitsForWindow() {
        return windowFull;
    }

    boolean waitsForTurn() {
        return waitsForTurn;
    }

    /** Whether the selector is to tell when the socket has something. */
    boolean waitsForSocket() {
        return isReading() && !waitsForTurn && !windowFull && (pace == null || !pace.isWaiting());
    }

    /** Whether it may still have something to relay. */
    boolean isReading() {
        return socket.isOpen() && !ended;
    }

    /** Reads nothing more: the input is at its end, or nobody wants the rest. */
    void end() {
        ended = true;
    }

    /** The socket has something. */
    void ready() throws IOException {
        if (isReading()) {
            boolean firstAnswer = bytes == 0 && !socket.isUsers();
            relay(output.isPrompt() ? 1 : BYTES_A_TURN);
            if (firstAnswer && bytes > 0 && bytes < SPARSE && waitsForSocket()) {
                relay(1); // a target that answers once and closes has closed by now: both leave together
            }
        }
    }

    /** The stream's turn at the tunnel has come. */
    void turn() throws IOException {
        waitsForTurn = false;
        if (isReading()) {
            relay(1);
        }
    }

    /** It has another bandwidth from now on. */
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

    /** The stream has ended. */
    void stop() {
        if (pace != null) {
            pace.stop();
        }
    }

    /** The peer takes more. */
    void windowGrew() {
        windowFull = false;
        observer.windowOpen();
        resume();
    }

    /** Reads again, though the socket has said nothing. */
    void resume() {
        if (isReading()) {
            waitForTurn();
        }
    }

    /**
     * Reads from the socket into the tunnel while the tunnel and the stream's window take it.
     *
     * @param least how many bytes are enough; a frame more may be read than that
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

    /** Whether there is something to read that has left the socket already. */
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

    /** Whether it has sent so little of late that it may go ahead of others. */
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
