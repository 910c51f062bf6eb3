package io.portproxy.net.tls;

import io.portproxy.net.EventLoop;
import io.portproxy.net.LingeringClose;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a TLS transport of a fresh connection, within a deadline. What takes the processor's time (signatures, checks of
 * certificates) runs on the threads of {@link TlsResources}; all else, the outcome included, on the loop.
 *
 * <p>A failure is told in one phrase, and to the peer by TLS's alert, by which its side can say the same.
 */
public final class TlsHandshake implements ReadyHandler {
    private static final Logger log = LoggerFactory.getLogger(TlsHandshake.class);

    /** How long a peer may take to read an alert and end its side. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** What becomes of a handshake; told once, on the loop. */
    public interface Outcome {
        /**
         * It succeeded. The transport's key is registered for {@link SelectionKey#OP_READ} with the handshake, which
         * ignores it; the caller registers its own handler, and then reads if {@link Transport#hasBuffered}.
         *
         * <p>With TLS 1.3 a client learns of a server that rejects its certificate only when it reads.
         */
        void connected(Transport transport);

        /** It takes too long; {@link #failed} follows. */
        default void late() {}

        /**
         * It failed, and the connection is closed or about to be.
         *
         * @param why one phrase for a log line; it does not contain the peer's address
         */
        void failed(String why);
    }

    /** Where it is, on the loop. The only ways between them are those that stand here. */
    private enum State {
        /** To {@link #EXCHANGING} or {@link #ENDED} with {@link #start}. */
        NEW,
        /** Bytes go to and fro. To {@link #COMPUTING} with a task of the engine, to {@link #ENDED} with the outcome. */
        EXCHANGING,
        /**
         * The task runs elsewhere, and nothing is read. Back to {@link #EXCHANGING} when it is done, to {@link #ABANDONED} with
         * the outcome, which is a failure.
         */
        COMPUTING,
        /** The outcome has been told, but the task still uses the engine. To {@link #ENDED} when it is done. */
        ABANDONED,
        /** The outcome has been told. */
        ENDED;

        boolean leadsTo(State next) {
            return switch (this) {
                case NEW -> next == EXCHANGING || next == ENDED;
                case EXCHANGING -> next == COMPUTING || next == ENDED;
                case COMPUTING -> next == EXCHANGING || next == ABANDONED;
                case ABANDONED -> next == ENDED;
                case ENDED -> false;
            };
        }
    }

    /** Sets TLS up; may throw what the supplier of the {@link TlsSettings#context} throws. */
    private interface Setup {
        TlsLink create();
    }

    private final EventLoop loop;
    private final SocketChannel socket;
    private final TlsResources resources;
    private final Outcome outcome;
    private final Setup setup;
    private @Nullable TlsLink link;
    private @Nullable SelectionKey key;
    private Timers.@Nullable Timer deadline;
    private State state = State.NEW;

    /** The side that accepted the connection. */
    public static TlsHandshake server(
            EventLoop loop, SocketChannel socket, TlsSettings settings, TlsResources resources, Outcome outcome) {
        return server(loop, socket, ByteBuffer.allocate(0), settings, resources, outcome);
    }

    /**
     * The side that accepted the connection.
     *
     * @param first what has been read of it already, as by {@link ClientHelloReader}
     */
    public static TlsHandshake server(
            EventLoop loop,
            SocketChannel socket,
            ByteBuffer first,
            TlsSettings settings,
            TlsResources resources,
            Outcome outcome) {
        Setup setup = () -> TlsLink.server(loop, socket, first, settings, resources);
        return new TlsHandshake(loop, socket, resources, outcome, setup);
    }

    /**
     * The side that dialled.
     *
     * @param host the name or address as it was configured, which the server's certificate must be for
     * @param port the server's port; with the host it tells which earlier session may be resumed
     */
    public static TlsHandshake client(
            EventLoop loop,
            SocketChannel socket,
            String host,
            int port,
            TlsSettings settings,
            TlsResources resources,
            Outcome outcome) {
        Setup setup = () -> TlsLink.client(loop, socket, host, port, settings, resources);
        return new TlsHandshake(loop, socket, resources, outcome, setup);
    }

    private TlsHandshake(EventLoop loop, SocketChannel socket, TlsResources resources, Outcome outcome, Setup setup) {
        this.loop = loop;
        this.socket = socket;
        this.resources = resources;
        this.outcome = outcome;
        this.setup = setup;
    }

    /**
     * Begins. Loop's thread only, once.
     *
     * @param timeout for all of it
     */
    public void start(Duration timeout) {
        try {
            key = loop.register(socket, 0, this);
        } catch (IOException e) {
            fail("the connection was gone at once: " + e.getMessage());
            return;
        }
        TlsLink created;
        try {
            created = setup.create();
        } catch (Throwable e) { // an Error too: a provider or a class that is missing
            log.debug("TLS cannot be set up for {}", this, e);
            fail("TLS cannot be set up on this side: " + (e instanceof RuntimeException ? e.getMessage() : e));
            return;
        }
        link = created;
        become(State.EXCHANGING);
        deadline =
                loop.timers().afterAwake(timeout.toNanos(), () -> tooSlow(created.deadlineText(timeout)), this::abort);
        step(created);
    }

    @Override
    public void ready(int readyOps) {
        if (state == State.EXCHANGING) {
            step(Objects.requireNonNull(link));
        }
    }

    private void step(TlsLink current) {
        try {
            Optional<Runnable> task = current.handshake();
            if (task.isPresent()) {
                runElsewhere(current, task.get());
                return;
            }
        } catch (IOException e) {
            refuse(current, e);
            return;
        } catch (Throwable e) {
            refuse(current, TlsLink.internal(e));
            return;
        }
        interest(SelectionKey.OP_READ | (current.cipher().hasOutput() ? SelectionKey.OP_WRITE : 0));
        if (current.isEstablished()) {
            finish();
            outcome.connected(new TlsTransport(current));
        }
    }

    private void interest(int ops) {
        if (key != null && key.isValid()) {
            key.interestOps(ops);
        }
    }

    private void runElsewhere(TlsLink current, Runnable task) {
        become(State.COMPUTING);
        interest(0);
        try {
            resources.execute(() -> {
                Optional<Throwable> failure = runGuarded(task);
                if (!loop.executeUnlessEnded(() -> goOn(current, failure))) {
                    current.releaseRecords(); // the loop has ended
                }
            });
        } catch (RejectedExecutionException e) {
            become(State.EXCHANGING);
            fail("too many TLS handshakes at a time on this side");
        } catch (Throwable e) { // OutOfMemoryError: unable to create native thread
            become(State.EXCHANGING);
            fail("this side cannot compute the TLS handshake: " + e);
        }
    }

    private static Optional<Throwable> runGuarded(Runnable task) {
        try {
            task.run();
            return Optional.empty();
        } catch (Throwable e) { // the loop waits for an answer
            return Optional.of(e);
        }
    }

    private void goOn(TlsLink current, Optional<Throwable> failure) {
        if (state == State.ABANDONED) {
            become(State.ENDED);
            current.releaseRecords();
            return;
        }
        become(State.EXCHANGING);
        if (failure.isPresent()) {
            refuse(current, TlsLink.internal(failure.get()));
        } else {
            step(current);
        }
    }

    /** Ends the connection because of what went wrong with the handshake, and tells the peer as well. */
    private void refuse(TlsLink current, IOException cause) {
        String why = current.failureText(cause);
        if (cause instanceof NotTlsException) {
            current.send(TlsRecords.unexpectedMessageAlert());
        } else {
            current.sendAlert();
        }
        finish();
        current.release();
        SelectionKey registered = key;
        if (registered != null && registered.isValid()) {
            // To close at once what still has unread bytes would send a RST, which could overtake the alert.
            LingeringClose.start(loop, socket, registered, LINGER);
        } else {
            Sockets.close(socket);
        }
        outcome.failed(why);
    }

    private void tooSlow(String why) {
        if (!isTold()) {
            outcome.late();
            fail(why);
        }
    }

    private void fail(String why) {
        if (!isTold()) {
            finish();
            drop();
            outcome.failed(why);
        }
    }

    /** Resets the connection and tells {@link Outcome#failed}, unless the outcome has been told. */
    @Override
    public void abort() {
        SelectionKey registered = key;
        if (isTold() && registered != null && registered.isValid() && registered.attachment() == this) {
            drop(); // whoever was told has not taken the connection over
        }
        fail("this side gave the TLS handshake up");
    }

    private void drop() {
        if (link != null) {
            link.releaseCiphertext();
            if (state != State.ABANDONED) {
                link.releaseRecords();
            }
        }
        Sockets.reset(socket);
    }

    private boolean isTold() {
        return state == State.ABANDONED || state == State.ENDED;
    }

    private void become(State next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException(this + ": " + state + " does not become " + next);
        }
        state = next;
    }

    private void finish() {
        become(state == State.COMPUTING ? State.ABANDONED : State.ENDED);
        if (deadline != null) {
            deadline.cancel();
        }
    }

    @Override
    public String toString() {
        return "TLS handshake with " + Sockets.remote(socket);
    }
}
