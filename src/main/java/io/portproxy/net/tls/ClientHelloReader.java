package io.portproxy.net.tls;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LingeringClose;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first message of a TLS client, within a deadline, to learn which name the client asks for. The message may
 * come in any number of pieces. On the loop that has the connection.
 */
public final class ClientHelloReader implements ReadyHandler {
    /**
     * The most bytes of a ClientHello, including the heads of its records. Those of browsers, even with post-quantum
     * keys, have 2 KiB.
     */
    public static final int MAX_BYTES = 16 * 1024;

    private static final Duration LINGER = Duration.ofSeconds(2);

    /** The result. One of {@link #complete}, {@link #notTls} and {@link #failed} is called, once. */
    public interface Outcome {
        /**
         * Is called when the ClientHello is complete. The outcome now owns the connection, or calls
         * {@link ClientHelloReader#refuse}.
         *
         * @param bytes all bytes that were read, from the first one on
         */
        void complete(ClientHello hello, ByteBuffer bytes);

        /**
         * Is called when the bytes are no ClientHello. The outcome now owns the connection, or calls
         * {@link ClientHelloReader#refuse}.
         *
         * @param bytes all bytes that were read
         * @param why one phrase for a log line
         */
        void notTls(ByteBuffer bytes, String why);

        /** Is called when the ClientHello has not come in time; {@link #failed} follows. */
        default void late() {}

        /**
         * Is called when there will be no ClientHello, and the connection is closed.
         *
         * @param why one phrase for a log line
         */
        void failed(String why);
    }

    private final EventLoop loop;
    private final SocketChannel socket;
    private final Outcome outcome;
    private byte[] read = new byte[2048];
    private int length;
    private @Nullable SelectionKey key;
    private Timers.@Nullable Timer deadline;
    private boolean over;

    /**
     * @param socket a new connection: nothing has been read from it
     */
    public ClientHelloReader(EventLoop loop, SocketChannel socket, Outcome outcome) {
        this.loop = loop;
        this.socket = socket;
        this.outcome = outcome;
    }

    /**
     * Begins. Is called once.
     *
     * @param timeout how long the ClientHello may take
     */
    public void start(Duration timeout) {
        try {
            key = loop.register(socket, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            fail("the connection was gone at once: " + e.getMessage());
            return;
        }
        deadline = loop.timers().afterAwake(timeout.toNanos(), () -> tooSlow(timeout), this::abort);
    }

    private void tooSlow(Duration timeout) {
        outcome.late();
        fail("no ClientHello within " + Durations.text(timeout));
    }

    @Override
    public void ready(int readyOps) {
        if (over) {
            return;
        }
        ByteBuffer in = loop.readBuffer().limit(MAX_BYTES + 1 - length);
        try {
            if (socket.read(in) < 0) {
                fail("it closed the connection before its ClientHello was complete");
                return;
            }
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        keep(in.flip());
        look();
    }

    private void keep(ByteBuffer in) {
        int more = in.remaining();
        if (length + more > read.length) {
            read = Arrays.copyOf(read, Math.max(2 * read.length, length + more));
        }
        in.get(read, length, more);
        length += more;
    }

    private void look() {
        ByteBuffer bytes = ByteBuffer.wrap(read, 0, length);
        if (length <= MAX_BYTES && TlsRecords.looksLikeTls(bytes) && length < TlsRecords.firstRecordEnd(bytes)) {
            return; // the first record is not complete, so there is no need to parse again
        }
        Optional<ClientHello> hello;
        try {
            hello = ClientHello.read(bytes, MAX_BYTES);
        } catch (NotTlsException e) {
            end();
            outcome.notTls(bytes, String.valueOf(e.getMessage()));
            return;
        }
        if (hello.isPresent()) {
            end();
            outcome.complete(hello.get(), bytes);
        }
    }

    /** Ends the connection with a TLS alert. Only for an outcome that has just been called. */
    public void refuse(ByteBuffer alert) {
        try {
            socket.write(alert); // a new socket always has room for these few bytes
            // A socket that is closed with unread bytes sends a RST at once, and the RST could overtake the alert.
            LingeringClose.start(loop, socket, Objects.requireNonNull(key), LINGER);
        } catch (IOException e) {
            Sockets.reset(socket);
        }
    }

    private void fail(String why) {
        if (!over) {
            end();
            Sockets.reset(socket);
            outcome.failed(why);
        }
    }

    private void end() {
        over = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }

    @Override
    public void abort() {
        fail("this side gave it up");
    }

    @Override
    public String toString() {
        return "ClientHello of " + Sockets.remote(socket);
    }
}
