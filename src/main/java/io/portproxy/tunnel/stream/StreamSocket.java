package io.portproxy.tunnel.stream;

import io.portproxy.mux.Session;
import io.portproxy.mux.Stream;
import io.portproxy.net.CleanClose;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket at this side's end of a stream: the user's on the proxy server, the target's on the remote. On the
 * tunnel's loop.
 *
 * <pre>
 *   CONNECTING --connected--> OPEN --it belongs elsewhere--> LEAVING --all is written--> LEFT
 *        |                      |                               |                          |
 *        | failed, or reset     | both directions ended,        | failed, or reset         | the stream is over,
 *        |                      | or reset                      |                          | without the socket
 *        |                      v                               |                          |
 *        +-------------------> CLOSED <-------------------------+--------------------------+
 *                              (the socket may linger a while)
 * </pre>
 *
 * This class handles the socket as a whole. Each direction ends independently: {@link StreamReader} relays what the
 * socket sends, up to its FIN, and {@link StreamWriter} writes what the peer sends, up to its end. If the peer ends
 * while the target is still being connected, the bytes that came before are delivered once the target is connected.
 *
 * <p>Only a user's socket leaves: its {@link StreamInput} has found that the connection goes on in another stream. It
 * leaves when everything that belongs to this stream has been written. This stream then ends without a socket, as if
 * the user had ended.
 *
 * <table>
 *   <caption>How the stream ends</caption>
 *   <tr><th>cause</th><th>method</th><th>the socket</th><th>sent to the peer</th></tr>
 *   <tr><td>the socket: a FIN</td><td>{@link #inputEnded}</td><td>is still written</td><td>End</td></tr>
 *   <tr><td>the socket: it broke</td><td>{@link #outputBroke}</td><td>is read to its end, then reset</td><td>Reset</td></tr>
 *   <tr><td>the socket: it cannot be connected, or read</td><td>{@link #failed}</td><td>is reset</td><td>Reset</td></tr>
 *   <tr><td>its input: not acceptable</td><td>{@link #refuse}</td><td>gets an answer and a FIN, or is reset</td><td>Reset</td></tr>
 *   <tr><td>a bug</td><td>{@link #abort}</td><td>is reset</td><td>Reset</td></tr>
 *   <tr><td>the session: the peer has ended</td><td>{@link #finish}</td><td>gets a FIN after the waiting bytes</td><td>-</td></tr>
 *   <tr><td>the session: nobody wants more from the socket</td><td>{@link #finishAndClose}</td><td>the same, and is closed</td><td>-</td></tr>
 *   <tr><td>the session: both directions have ended</td><td>{@link #release}</td><td>is closed</td><td>-</td></tr>
 *   <tr><td>the session: the stream is over</td><td>{@link #reset}</td><td>is reset</td><td>by the session</td></tr>
 * </table>
 */
public final class StreamSocket
        implements ReadyHandler,
                StreamEnd,
                Connector.Callback,
                ResetWatch.Owner,
                StreamLimits.Owner,
                StreamReader.Owner,
                StreamWriter.Owner {
    private static final Logger log = LoggerFactory.getLogger(StreamSocket.class);

    /** The states, on the loop. Only the changes that are listed here are possible. */
    private enum State {
        /** The target is being connected. */
        CONNECTING,
        /** The socket is connected, and the stream is not over. */
        OPEN,
        /** The socket is not read. The bytes for it that are waiting are written. */
        LEAVING,
        /** The socket belongs to another stream. What the peer still sends is discarded. */
        LEFT,
        /** The stream is over. */
        CLOSED;

        boolean leadsTo(State next) {
            return switch (this) {
                case CONNECTING -> next == OPEN || next == CLOSED;
                case OPEN -> next == LEAVING || next == CLOSED;
                case LEAVING -> next == LEFT || next == CLOSED;
                case LEFT -> next == CLOSED;
                case CLOSED -> false;
            };
        }
    }

    private final EventLoop loop;
    private final Session session;
    private final Duration lingerTimeout;
    private final StreamContext.Owner owner;
    private final boolean usersSide;
    private final StreamInput input;
    private final GuardedObserver observer;
    private final StreamReader reader;
    private final StreamWriter writer;
    private final StreamLimits limits;
    private @Nullable Transport transport; // null until a target is connected, and after the socket has left
    private @Nullable Stream stream;
    private @Nullable SelectionKey key;
    private Connector.@Nullable Attempt attempt; // set while the target is being connected
    private @Nullable ResetWatch resetWatch;
    private @Nullable LastWords lastWords; // set when the socket takes no more bytes
    private State state;
    private Timers.@Nullable Timer timer; // only for a stream whose socket has left
    private boolean refused; // whether its input was refused

    private StreamSocket(
            StreamContext context,
            boolean usersSide,
            @Nullable Transport transport,
            StreamInput input,
            StreamObserver observer,
            StreamTerms terms) {
        this.loop = context.loop();
        this.session = context.session();
        this.lingerTimeout = context.lingerTimeout();
        this.owner = context.owner();
        this.usersSide = usersSide;
        this.transport = transport;
        this.input = input;
        this.observer = new GuardedObserver(loop, observer);
        this.reader = new StreamReader(context, this, input, this.observer);
        this.writer = new StreamWriter(context, this, this.observer);
        this.limits = new StreamLimits(loop, terms, this, reader, writer);
        this.state = usersSide ? State.OPEN : State.CONNECTING;
    }

    /** Creates the socket of a user's connection, which is up. Call {@link #start} to relay it. */
    public static StreamSocket ofUser(
            StreamContext context, Transport transport, StreamInput input, StreamObserver observer, StreamTerms terms) {
        return new StreamSocket(context, true, transport, input, observer, terms);
    }

    /** Creates the socket of a target. Call {@link #connect} to connect it. */
    public static StreamSocket ofTarget(StreamContext context, StreamObserver observer) {
        return new StreamSocket(context, false, null, StreamInput.PLAIN, observer, StreamTerms.NONE);
    }

    /** Begins to relay a user's connection. */
    public void start(Stream newStream) {
        begin(newStream);
        prepare();
        input.resumeWith(this::resume);
        limits.start();
        try {
            key = loop.register(socket(), SelectionKey.OP_READ, this);
            reader.ready(); // most users send at once: then their first bytes leave together with the Open
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void termsChanged() {
        try {
            if (isOpen()) {
                limits.update();
                reader.resume();
                writer.writeQueued();
            }
        } catch (Throwable e) {
            broke(e);
        }
    }

    @Override
    public void active() {
        limits.active();
    }

    @Override
    public void inputBroke(IOException cause) {
        fail(cause);
    }

    /** Starts an attempt to connect to the target. */
    public void connect(Stream newStream, Connector.Attempt newAttempt) {
        attempt = newAttempt;
        begin(newStream);
        newAttempt.start(this);
    }

    private void begin(Stream newStream) {
        stream = newStream;
        observer.opened(newStream.identity());
    }

    @Override
    public void connected(SelectionKey ours) {
        attempt = null;
        key = ours;
        transport = Transport.plain((SocketChannel) ours.channel());
        ours.attach(this);
        become(State.OPEN);
        observer.connected();
        prepare();
        session.connected(stream());
        updateInterest();
        writer.writeQueued();
        if (isOpen() && writer.isEnding()) {
            writer.endWhenWritten();
        }
    }

    private void prepare() {
        SocketChannel current = socket();
        Sockets.endWithReset(current, true); // until the stream is complete
        try {
            Sockets.urgentInLine(current);
        } catch (IOException e) {
            // The socket is broken; its next read reports that.
            log.debug("urgent data of {} will be missing", current, e);
        }
        writer.connected();
    }

    @Override
    public Transport transport() {
        return Objects.requireNonNull(transport);
    }

    private SocketChannel socket() {
        return transport().socket();
    }

    @Override
    public Stream stream() {
        return Objects.requireNonNull(stream);
    }

    /** Returns whether it is a user's socket; otherwise it is a target's. */
    @Override
    public boolean isUsers() {
        return usersSide;
    }

    /** Returns whether the socket is connected and the stream is not over. */
    @Override
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Returns whether the socket leaves, or has left, and the stream is not over. */
    private boolean isLeaving() {
        return state == State.LEAVING || state == State.LEFT;
    }

    private void become(State next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException(this + ": " + state + " does not become " + next);
        }
        state = next;
    }

    /**
     * Is called when the input has found that the connection belongs elsewhere. All bytes that this stream owes to the
     * user have then come.
     */
    @Override
    public void leave() {
        become(State.LEAVING);
        leaveWhenWritten();
    }

    private void leaveWhenWritten() {
        Transport leaving = transport();
        if (writer.queued() > 0) {
            Objects.requireNonNull(key).interestOps(SelectionKey.OP_WRITE);
            return;
        }
        become(State.LEFT);
        transport = null;
        Objects.requireNonNull(key).interestOps(0);
        writer.stop();
        reader.stop();
        limits.stop();
        timer = loop.timers().after(lingerTimeout.toNanos(), () -> session.end(stream(), Reason.USER_RESET));
        if (!loop.executeUnlessEnded(input::left)) {
            leaving.reset();
        }
        session.inputEnded(stream());
    }

    @Override
    public void ready(int readyOps) {
        try {
            if (state == State.LEAVING) {
                writer.writeQueued();
                leaveWhenWritten();
                return;
            }
            if ((readyOps & SelectionKey.OP_CONNECT) != 0) {
                outputBroke(new IOException("reset while it was not read"));
                return;
            }
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                writer.writeQueued();
            }
            if ((readyOps & SelectionKey.OP_READ) != 0) {
                reader.ready();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void turn() {
        try {
            reader.turn();
        } catch (IOException e) {
            fail(e);
        } catch (Throwable e) {
            broke(e);
        }
    }

    @Override
    public void opened() {
        observer.connected();
    }

    private void resume() {
        try {
            inputReady();
        } catch (Throwable e) {
            broke(e);
        }
    }

    @Override
    public void sendRoomGrew() {
        try {
            reader.windowGrew();
        } catch (Throwable e) {
            broke(e);
        }
    }

    /** Ends this stream after a bug, or without memory. The tunnel and its other streams go on. */
    private void broke(Throwable cause) {
        loop.failed(this, cause);
        abort();
    }

    @Override
    public void deliver(ByteBuffer data) {
        try {
            if (state != State.CLOSED) {
                take(data);
            }
        } catch (Throwable e) {
            broke(e);
        }
    }

    private void take(ByteBuffer data) {
        int length = data.remaining();
        if (isLeaving()) {
            data.position(data.limit()); // it answers a request that nobody made
            session.delivered(stream(), length);
            return;
        }
        writer.write(input.delivering(data), length);
        if (input.hasHeld()) {
            inputReady();
        }
    }

    /** Is called when the input has bytes, or has ended, although the selector has reported nothing. */
    private void inputReady() {
        if (input.isRefused()) {
            refuse();
        } else {
            reader.resume();
        }
    }

    @Override
    public void finish() {
        try {
            if (isLeaving()) {
                session.outputEnded(stream());
            } else if (writeKept()) {
                endOutput();
            }
        } catch (Throwable e) {
            broke(e);
        }
    }

    /**
     * Ends the output. If one direction cannot end alone, the other ends with it: cleanly if it is already complete.
     */
    private void endOutput() {
        boolean alone = transport == null || transport.halfCloses();
        if (!alone && reader.isReading()) {
            if (!input.isComplete()) {
                session.refuse(stream(), Reason.USER_RESET);
                return;
            }
            reader.end();
            session.inputEnded(stream());
        }
        writer.end(alone ? StreamWriter.Ending.FIN : StreamWriter.Ending.FIN_AND_CLOSE);
    }

    /** Writes the bytes of the peer that the input kept. Returns whether the stream is not over. */
    private boolean writeKept() {
        ByteBuffer kept = input.deliveryEnds();
        if (isOpen() && kept.hasRemaining()) {
            writer.write(kept, 0);
        }
        return state != State.CLOSED;
    }

    @Override
    public void finishAndClose() {
        try {
            reader.end();
            if (state == State.LEFT || (canAnswer() && input.takesOverEnd())) {
                become(State.CLOSED);
                ended(Reason.ENDED);
                session.outputEnded(stream());
                owner.streamEnded();
            } else if (state == State.LEAVING) {
                session.end(stream(), Reason.USER_RESET);
            } else if (writeKept()) {
                writer.end(StreamWriter.Ending.FIN_AND_CLOSE);
            }
        } catch (Throwable e) {
            broke(e);
        }
    }

    /** Ends a connection whose input is not acceptable. */
    @Override
    public void refuse() {
        if (refused || !isOpen()) {
            return;
        }
        refused = true;
        observer.refused(input.refusalReason());
        Optional<ByteBuffer> answer = input.refusal();
        if (answer.isEmpty()) {
            session.end(stream(), Reason.DENIED);
            return;
        }
        if (!writer.isEnding()) {
            writer.write(answer.get(), 0);
        }
        session.refuse(stream(), Reason.DENIED);
    }

    /**
     * Closes the stream, because all bytes are written. The socket is still read for a while, and the bytes are
     * discarded.
     */
    @Override
    public void closeLingering() {
        become(State.CLOSED);
        ended(refused ? Reason.DENIED : Reason.ENDED);
        try {
            Sockets.endWithReset(socket(), false);
            CleanClose.start(loop, transport(), Objects.requireNonNull(key), lingerTimeout);
        } catch (Throwable e) {
            loop.failed(this, e);
            transport().reset();
        }
        try {
            session.outputEnded(stream());
        } finally {
            owner.streamEnded();
        }
    }

    @Override
    public void release() {
        if (state != State.CLOSED) {
            boolean has = transport != null;
            become(State.CLOSED);
            ended(Reason.ENDED);
            if (has) {
                Sockets.endWithReset(socket(), false);
                loop.close(Objects.requireNonNull(key));
                transport().release();
            }
            owner.streamEnded();
        }
    }

    @Override
    public void reset(Reason reason) {
        if (state != State.CLOSED) {
            boolean answers = canAnswer();
            become(State.CLOSED);
            if (!answers || !isTakenOver(reason)) {
                loop.guarded(this::resetSocket);
            }
            ended(reason);
            owner.streamEnded();
        }
    }

    /** Returns whether this side could still send an answer of its own to the user. */
    private boolean canAnswer() {
        return state == State.OPEN && usersSide && !writer.isEnding() && writer.queued() == 0;
    }

    private boolean isTakenOver(Reason reason) {
        try {
            return input.takesOver(reason);
        } catch (Throwable e) {
            loop.failed(this, e);
            return false;
        }
    }

    /** Ends all its parts, even if one of them throws. */
    private void ended(Reason reason) {
        loop.guarded(writer::stop);
        reader.stop();
        limits.stop();
        if (attempt != null) {
            loop.guarded(attempt::cancel);
        }
        if (resetWatch != null) {
            loop.guarded(resetWatch::stop);
        }
        if (lastWords != null) {
            loop.guarded(lastWords::stop);
        }
        if (timer != null) {
            timer.cancel();
        }
        loop.guarded(input::closed);
        if (stream != null) { // otherwise the observer was not told of the begin
            observer.closed(reason, reader.bytes(), writer.bytes());
        }
    }

    private void resetSocket() {
        if (transport != null) {
            transport.reset();
        }
    }

    @Override
    public void abort() {
        Stream current = stream;
        if (current == null) {
            resetSocket();
            return;
        }
        try {
            session.end(current, Reason.GOING_AWAY);
        } catch (Throwable e) {
            // This side's socket is reset, but the peer does not know it: only the end of the tunnel reports it.
            loop.failed(this, e);
            owner.abort();
        }
    }

    /** Is called when the socket's FIN has come, and all bytes before it have been read. */
    @Override
    public void inputEnded() {
        if (lastWords == null) {
            session.inputEnded(stream());
        } else {
            lastWords.over(); // the system reports "end" for a reset that a failed write has already reported
        }
    }

    /**
     * Is called when the socket takes no more bytes, because its other end has reset it. The bytes that the other end
     * sent before are still relayed, and then the stream is over. For example, a server that answers early and closes
     * expects that its answer is read.
     */
    @Override
    public void outputBroke(IOException cause) {
        if (state == State.CLOSED || lastWords != null) {
            return;
        }
        boolean more = isOpen() && reader.isReading();
        if (!more || !(input.hasHeld() || transport().hasBuffered() || Sockets.mayHaveUnread(socket()))) {
            fail(cause);
            return;
        }
        writer.takeNothing();
        lastWords = new LastWords(loop, lingerTimeout, reader::bytes, () -> fail(cause), this::abort);
        updateInterest();
    }

    /** Ends the stream after {@link #outputBroke}, because nobody wants more bytes from the socket. */
    @Override
    public void lastWordsUnwanted() {
        Objects.requireNonNull(lastWords).over();
    }

    /** Ends the stream, because the socket is broken. */
    void fail(IOException cause) {
        failed(usersSide ? Reason.USER_RESET : Reason.TARGET_RESET, cause);
    }

    @Override
    public void failed(Reason reason, IOException cause) {
        if (state == State.CONNECTING) {
            observer.connectFailed(reason, cause);
        } else {
            observer.failed(reason, cause);
        }
        session.end(stream(), reason);
    }

    @Override
    public void updateInterest() {
        SelectionKey current = key;
        if (!isOpen() || current == null || !current.isValid()) {
            return;
        }
        int ops = transport().interest(reader.waitsForSocket(), writer.waitsForSocket());
        // There, the end of a unix socket looks like an error, even if bytes before it have not been read.
        if (ops == 0 && isUnwatched() && !Sockets.isUnix(socket())) {
            if (resetWatch == null) {
                resetWatch = new ResetWatch(loop, this);
            }
            resetWatch.start();
            ops = resetWatch.interest();
        }
        if (current.interestOps() != ops) {
            current.interestOps(ops);
        }
    }

    @Override
    public boolean isUnwatched() {
        return isOpen()
                && lastWords == null
                && !writer.isEnding()
                && writer.queued() == 0
                && !reader.waitsForSocket()
                && !reader.waitsForTurn();
    }

    /** Returns the current state of the socket. */
    @Override
    public StreamStatus status() {
        return new StreamStatus(
                state == State.CONNECTING,
                reader.bytes(),
                writer.bytes(),
                writer.queued(),
                reader.waitsForWindow(),
                reader.waitsForTurn());
    }

    /** Returns the observer of the stream. */
    @Override
    public StreamObserver observer() {
        return observer.observer();
    }

    @Override
    public String toString() {
        return observer.toString();
    }
}
