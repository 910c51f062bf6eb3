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
    /** A stream that its tunnel has forgotten, and whose reader takes nothing for so many stall timeouts, is dropped. */
    private static final int FINISHING_PATIENCE = 6;

    /** A stream that is held to a bandwidth gets a window for what passes in this time: what it may send beyond that would wait here. */
    private static final long PACED_WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** The socket as a whole. */
    interface Owner {
        Transport transport();

        Stream stream();

        /** What the selector is to tell of has changed. */
        void updateInterest();

        /** It takes nothing any more. */
        void outputBroke(IOException cause);

        /** Nobody wants more of a socket that {@link #outputBroke}. */
        void lastWordsUnwanted();

        /** All is written; what it still sends is thrown away for a while. */
        void closeLingering();

        /** Bytes have come for it. */
        void active();

        /** The stream cannot go on. */
        void failed(Reason reason, IOException cause);

        /** A bug was met. */
        void abort();
    }

    /** What is done once all that waits for the socket is written. */
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
    private @Nullable LateOptions options; // once it is connected
    private @Nullable WriteQueue queue;
    private Timers.@Nullable Timer timer; // of a finishing stream's stall
    private @Nullable Pace pace; // while it has a bandwidth
    private Ending ending = Ending.NONE;
    private boolean broken; // the socket takes nothing any more
    private long bytes;
    private long undelivered; // bytes of the peer whose delivery it has not been told

    StreamWriter(StreamContext context, Owner socket, StreamObserver observer) {
        this.loop = context.loop();
        this.session = context.session();
        this.output = context.output();
        this.socket = socket;
        this.observer = observer;
    }

    /** Bytes that have come for the socket. */
    long bytes() {
        return bytes;
    }

    /** Bytes that wait for the socket. */
    long queued() {
        return queue == null ? 0 : queue.size();
    }

    /** Whether the selector is to tell when the socket takes something. */
    boolean waitsForSocket() {
        return queued() > 0 && (pace == null || !pace.isWaiting());
    }

    /** It has another bandwidth from now on. */
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

    /** Its reader has not stalled: it is we who do not write. */
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

    /** Whether the peer's bytes have all come. */
    boolean isEnding() {
        return ending != Ending.NONE;
    }

    /** The socket is connected. */
    void connected() {
        options = new LateOptions(loop, socket.transport().socket());
    }

    /**
     * Writes what the socket takes of {@code data}, and keeps the rest.
     *
     * @param received how many bytes of the peer that stands for: as many, unless an input changes what is delivered
     */
    void write(ByteBuffer data, int received) {
        int length = data.remaining();
        bytes += received;
        undelivered += received;
        observer.received(received);
        socket.active();
        if (broken) {
            return; // it counts as not taken, so that the peer sends no more than its window
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
                // To wait for the dial would keep the tunnel from being read, and so harm every other stream.
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

    /** The socket took as many bytes. When it has all of them, so it has whatever of the peer's became them. */
    private void delivered(long written) {
        long told = queued() == 0 && options != null ? undelivered : Math.min(written, undelivered);
        undelivered -= told;
        if (told > 0) {
            session.delivered(socket.stream(), told);
        }
    }

    /** Writes what waits, as far as the connected socket takes it. */
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

    /** Whether the transport has taken bytes that the socket has not. */
    private boolean holdsOutput() {
        return socket.transport().interest(false, false) != 0;
    }

    /** The socket takes nothing any more: throws away what waits for it, and what still comes. */
    void takeNothing() {
        broken = true;
        cancelTimer();
        clear();
        session.waiting(socket.stream(), 0);
    }

    /** The peer's bytes have all come. */
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

    /** Ends the connected socket's output as {@link #end} said, or waits until that can be. */
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

    /** A stream that its tunnel still knows counts among those that it may have, and drops when they hold it up. */
    private void finishingStalled() {
        if (ending == Ending.FIN && !output.isClosed()) {
            endWhenWritten();
        } else {
            session.end(socket.stream(), Reason.STALLED);
        }
    }

    /** The stream has ended: throws away what waits. */
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
