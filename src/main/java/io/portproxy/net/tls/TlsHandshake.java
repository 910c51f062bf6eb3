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
 * Turns a new connection into a TLS transport, within a deadline. Expensive computations (signatures, checks of
 * certificates) run on the threads of {@link TlsResources}. Everything else, including the outcome, runs on the loop.
 *
 * <p>A failure is reported to the outcome in one phrase, and to the peer with a TLS alert, so that the peer's side can
 * report it as well.
 */
public final class TlsHandshake implements ReadyHandler {
    private static final Logger log = LoggerFactory.getLogger(TlsHandshake.class);

    /** How long a peer may take to read an alert and end its side. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** The result of a handshake. One of {@link #connected} and {@link #failed} is called, once, on the loop. */
    public interface Outcome {
        /**
         * Is called when the handshake succeeded. The transport's key is registered for {@link SelectionKey#OP_READ}
         * with the handshake, which ignores it. The caller registers its own handler, and then reads if
         * {@link Transport#hasBuffered}.
         *
         * <p>With TLS 1.3, a client learns only when it reads that a server rejects its certificate.
         */
        void connected(Transport transport);

        /** Is called when the handshake takes too long; {@link #failed} follows. */
        default void late() {}

        /**
         * Is called when the handshake failed. The connection is closed or will be closed soon.
         *
         * @param why one phrase for a log line; it does not contain the peer's address
         */
        void failed(String why);
    }

    /** The states, on the loop. Only the changes that are listed here are possible. */
    private enum State {
        /** Changes to {@link #EXCHANGING} or {@link #ENDED} with {@link #start}. */
        NEW,
        /**
         * Both sides exchange bytes. Changes to {@link #COMPUTING} with a task of the engine, and to {@link #ENDED}
         * with the outcome.
         */
        EXCHANGING,
        /**
         * The task runs on another thread, and nothing is read. Changes back to {@link #EXCHANGING} when the task is
         * done, and to {@link #ABANDONED} with the outcome, which is then a failure.
         */
        COMPUTING,
        /**
         * The outcome was called, but the task still uses the engine. Changes to {@link #ENDED} when the task is done.
         */
        ABANDONED,
        /** The outcome was called. */
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

    /** Sets TLS up. May throw the exceptions of the supplier {@link TlsSettings#context}. */
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

    /** Creates the handshake of the side that accepted the connection. */
    public static TlsHandshake server(
            EventLoop loop, SocketChannel socket, TlsSettings settings, TlsResources resources, Outcome outcome) {
        return server(loop, socket, ByteBuffer.allocate(0), settings, resources, outcome);
    }

    /**
     * Creates the handshake of the side that accepted the connection.
     *
     * @param first bytes that have already been read from it, for example by {@link ClientHelloReader}
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
     * Creates the handshake of the side that dialled.
     *
     * @param host the name or address as it was configured; the server's certificate must be for it
     * @param port the server's port; host and port decide which earlier session may be resumed
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
     * @param timeout the time for the whole handshake
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
        } catch (Throwable e) { // also an Error: a provider or a class may be missing
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

    /** Ends the connection because the handshake failed, and reports that to the peer. */
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
            // A socket that is closed with unread bytes sends a RST at once, and the RST could overtake the alert.
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

    /** Resets the connection and calls {@link Outcome#failed}, unless the outcome was already called. */
    @Override
    public void abort() {
        SelectionKey registered = key;
        if (isTold() && registered != null && registered.isValid() && registered.attachment() == this) {
            drop(); // the outcome has not taken the connection over
        }
        fail("this side ended the TLS handshake");
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
