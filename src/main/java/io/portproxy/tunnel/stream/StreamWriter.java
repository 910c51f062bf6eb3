package io.portproxy.tunnel.stream;

import io.portproxy.mux.Session;
import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LateOptions;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.net.WriteQueue;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the peer's bytes to a stream's socket, and then the end. Bytes wait in a queue if they come before the socket
 * is connected, if the socket does not take them, or if they exceed the bandwidth. On the tunnel's loop.
 */
final class StreamWriter implements Pace.Owner {
    /**
     * After this number of stall timeouts in which its reader takes nothing, a stream that its tunnel no longer knows
     * is dropped.
     */
    private static final int FINISHING_PATIENCE = 6;

    /**
     * A stream with a limited bandwidth gets a window for the bytes that pass in this time. Bytes beyond that would
     * only wait here.
     */
    private static final long PACED_WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** The socket as a whole. */
    interface Owner {
        Transport transport();

        Stream stream();

        /** Updates the interest of the selector, because it may have changed. */
        void updateInterest();

        /** Is called when the socket takes no more bytes. */
        void outputBroke(IOException cause);

        /** Is called after {@link #outputBroke}, when nobody wants more bytes from the socket. */
        void lastWordsUnwanted();

        /** Is called when all bytes are written. The socket is still read for a while, and the bytes are discarded. */
        void closeLingering();

        /** Is called when bytes have come for the socket. */
        void active();

        /** Is called when the stream cannot go on. */
        void failed(Reason reason, IOException cause);

        /** Is called after a bug. */
        void abort();
    }

    /** The action after all bytes that wait for the socket are written. */
    enum Ending {
        NONE,
        FIN,
        FIN_AND_CLOSE
    }

    private final EventLoop loop;
    private final Session session;
    private final StreamOutput output;
    private final Owner socket;
    private final StreamObserver observer;
    private @Nullable LateOptions options; // null until the socket is connected
    private @Nullable WriteQueue queue;
    private Timers.@Nullable Timer timer; // for the stall of a stream that finishes
    private @Nullable Pace pace; // null without a bandwidth
    private Ending ending = Ending.NONE;
    private boolean broken; // whether the socket takes no more bytes
    private long bytes;
    private long undelivered; // bytes of the peer that were not yet reported as delivered

    StreamWriter(StreamContext context, Owner socket, StreamObserver observer) {
        this.loop = context.loop();
        this.session = context.session();
        this.output = context.output();
        this.socket = socket;
        this.observer = observer;
    }

    /** Returns the number of bytes that have come for the socket. */
    long bytes() {
        return bytes;
    }

    /** Returns the number of bytes that wait for the socket. */
    long queued() {
        return queue == null ? 0 : queue.size();
    }

    /** Returns whether the selector must report when the socket takes bytes. */
    boolean waitsForSocket() {
        return queued() > 0 && (pace == null || !pace.isWaiting());
    }

    /** Sets a new bandwidth. */
    void keep(@Nullable Pace other) {
        if (pace != null) {
            pace.stop();
            session.widen(socket.stream());
        }
        pace = other;
    }

    @Override
    public void paceReady() {
        writeQueued();
    }

    /** Keeps the session from taking the wait for a stall: this side does not write, and the reader has not stalled. */
    @Override
    public void paceWaits() {
        session.delivered(socket.stream(), 0);
        if (isEnding()) {
            endWhenWritten();
        }
    }

    @Override
    public void abort() {
        socket.abort();
    }

    /** Returns whether all bytes of the peer have come. */
    boolean isEnding() {
        return ending != Ending.NONE;
    }

    /** Is called when the socket is connected. */
    void connected() {
        options = new LateOptions(loop, socket.transport().socket());
    }

    /**
     * Writes as many bytes of {@code data} as the socket takes, and keeps the rest.
     *
     * @param received how many bytes of the peer {@code data} stands for. This is the length of {@code data}, unless an
     *     input changes the bytes
     */
    void write(ByteBuffer data, int received) {
        int length = data.remaining();
        bytes += received;
        undelivered += received;
        observer.received(received);
        socket.active();
        if (broken) {
            return; // the bytes count as not taken, so that the peer sends no more than its window
        }
        try {
            if (options != null && queued() == 0 && length > 0) {
                options.writing(length);
                writeNow(data);
            }
        } catch (IOException e) {
            socket.outputBroke(e);
            return;
        }
        int written = length - data.remaining();
        if (data.hasRemaining()) {
            if (queue == null) {
                queue = new WriteQueue(loop.chunks());
            }
            if (!queue.add(data)) {
                socket.failed(Reason.LIMIT, new IOException("no memory is left for it (portproxy.buffer-memory)"));
                return;
            }
            socket.updateInterest();
            session.waiting(socket.stream(), queue.footprint());
            if (options == null && queued() > session.mostUnconnected()) {
                // If the bytes waited for the dial, the tunnel would not be read, and every other stream would suffer.
                socket.failed(Reason.LIMIT, new ConnectException(queued() + " bytes came before it was up"));
                return;
            }
        }
        if (options != null && holdsOutput()) {
            socket.updateInterest();
        }
        if (pace != null && queued() == 0) {
            pace.rest();
        }
        delivered(written);
    }

    private void writeNow(ByteBuffer data) throws IOException {
        Pace held = pace;
        if (held == null) {
            socket.transport().write(data);
            return;
        }
        int end = data.limit();
        boolean taken = true;
        while (taken && data.position() < end) {
            int start = data.position();
            long room = held.room();
            if (room == 0) {
                session.narrow(socket.stream(), held.bytesIn(PACED_WINDOW_NANOS));
                break;
            }
            data.limit((int) Math.min(end, start + room));
            try {
                socket.transport().write(data);
            } finally {
                held.passed(data.position() - start);
                taken = !data.hasRemaining();
                data.limit(end);
            }
        }
    }

    private long writeQueue(WriteQueue waiting) throws IOException {
        Pace held = pace;
        if (held == null) {
            return waiting.writeTo(socket.transport());
        }
        long total = 0;
        while (waiting.size() > 0) {
            long room = held.room();
            if (room == 0) {
                session.narrow(socket.stream(), held.bytesIn(PACED_WINDOW_NANOS));
                break;
            }
            long written = waiting.writeTo(socket.transport(), room);
            held.passed(written);
            total += written;
            if (written < room && waiting.size() > 0) {
                break; // the socket takes no more for now
            }
        }
        if (waiting.size() == 0 || !held.isWaiting()) {
            held.rest();
        }
        return total;
    }

    /**
     * Reports the bytes that the socket has taken. When it has taken all bytes, all bytes of the peer are delivered,
     * whatever they were changed into.
     */
    private void delivered(long written) {
        long told = queued() == 0 && options != null ? undelivered : Math.min(written, undelivered);
        undelivered -= told;
        if (told > 0) {
            session.delivered(socket.stream(), told);
        }
    }

    /** Writes the waiting bytes, as far as the connected socket takes them. */
    void writeQueued() {
        if (options == null || (queue == null && !holdsOutput())) {
            return;
        }
        long written = 0;
        try {
            if (queue != null) {
                options.writing(queue.size());
                written = writeQueue(queue);
            }
            socket.transport().flush();
        } catch (IOException e) {
            socket.outputBroke(e);
            return;
        }
        if (queue != null && written > 0) {
            session.waiting(socket.stream(), queue.footprint());
            delivered(written);
        }
        if (queue != null && queue.size() == 0) {
            queue = null; // most streams never need one again
        }
        socket.updateInterest();
        if (isEnding() && (queue == null || written > 0)) {
            endWhenWritten();
        }
    }

    /** Returns whether the transport holds bytes that the socket has not taken yet. */
    private boolean holdsOutput() {
        return socket.transport().interest(false, false) != 0;
    }

    /** Discards the waiting bytes, and all bytes that still come, because the socket takes no more. */
    void takeNothing() {
        broken = true;
        cancelTimer();
        clear();
        session.waiting(socket.stream(), 0);
    }

    /** Is called when all bytes of the peer have come. */
    void end(Ending how) {
        ending = how;
        if (broken) {
            if (how == Ending.FIN_AND_CLOSE) {
                socket.lastWordsUnwanted();
            }
        } else if (options != null) {
            socket.updateInterest();
            endWhenWritten();
        }
    }

    /** Ends the output of the connected socket as {@link #end} said, or waits until that is possible. */
    void endWhenWritten() {
        cancelTimer();
        if (queued() > 0 || holdsOutput()) {
            long patience = FINISHING_PATIENCE * session.limits().stallTimeout().toNanos();
            timer = loop.timers().afterAwake(patience, this::finishingStalled, socket::abort);
        } else if (ending == Ending.FIN_AND_CLOSE) {
            socket.closeLingering();
        } else {
            try {
                socket.transport().socket().shutdownOutput();
            } catch (IOException e) {
                socket.outputBroke(e);
                return;
            }
            session.outputEnded(socket.stream());
        }
    }

    /**
     * Handles a stall of a stream that finishes. If the tunnel still knows the stream, it waits on: the stream counts
     * towards the tunnel's limit of streams, and the session drops it if it keeps the tunnel from being read.
     */
    private void finishingStalled() {
        if (ending == Ending.FIN && !output.isClosed()) {
            endWhenWritten();
        } else {
            session.end(socket.stream(), Reason.STALLED);
        }
    }

    /** Discards the waiting bytes, because the stream has ended. */
    void stop() {
        clear();
        cancelTimer();
        if (pace != null) {
            pace.stop();
        }
        if (options != null) {
            options.stop();
        }
    }

    private void clear() {
        if (queue != null) {
            queue.clear();
            queue = null;
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
