package io.portproxy.tunnel;

import io.portproxy.mux.Endpoint;
import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LingeringClose;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
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
 * The socket at our end of a stream: the user's on the proxy server, the target's on the remote. On the tunnel's loop.
 *
 * <pre>
 *   CONNECTING --connected--> OPEN --both directions ended, or reset--> CLOSED (the socket may linger a while)
 *        |                                                                ^
 *        +------------------------ failed, or reset ----------------------+
 * </pre>
 *
 * What happens to the socket as a whole is here. The two directions end on their own: {@link StreamReader} relays what the
 * socket sends, up to its FIN; {@link StreamWriter} has what the peer sends, up to its end. A peer that ends while the
 * target is still being dialled is remembered: the bytes that came before are delivered when the target is up.
 */
final class StreamSocket implements ReadyHandler, Endpoint, TargetDial.Outcome, ResetWatch.Subject {
    private static final Logger log = LoggerFactory.getLogger(StreamSocket.class);

    private enum State {
        CONNECTING,
        OPEN,
        CLOSED
    }

    private final Tunnel tunnel;
    private final EventLoop loop;
    private final StreamInput input;
    private final StreamTotals totals;
    private final StreamTimes times;
    private final StreamReport report;
    private final StreamReader reader;
    private final StreamWriter writer;
    private SocketChannel channel; // of a target the one that came up, as soon as it has
    private @Nullable Stream stream;
    private @Nullable SelectionKey key;
    private @Nullable TargetDial dial; // while it is connecting
    private @Nullable ResetWatch resetWatch;
    private @Nullable LastWords lastWords; // once it takes nothing any more
    private State state;
    private boolean refused; // by its input

    private StreamSocket(
            Tunnel tunnel,
            SocketChannel channel,
            StreamInput input,
            Optional<String> user,
            String target,
            StreamTotals totals,
            long begunAt) {
        this.tunnel = tunnel;
        this.loop = tunnel.loop();
        this.channel = channel;
        this.input = input;
        this.totals = totals;
        this.times = new StreamTimes(loop, totals.delayTotals(), begunAt);
        this.report = new StreamReport(tunnel, totals, times, user, target);
        this.reader = new StreamReader(tunnel, this, input, totals, times);
        this.writer = new StreamWriter(tunnel, this, totals, times);
        this.state = totals.usersSide() ? State.OPEN : State.CONNECTING;
    }

    /** A user's connection, which is up. */
    static StreamSocket ofUser(
            Tunnel tunnel,
            SocketChannel channel,
            StreamInput input,
            Optional<String> user,
            StreamTotals totals,
            long acceptedAt) {
        return new StreamSocket(tunnel, channel, input, user, totals.target(), totals, acceptedAt);
    }

    /** A target's connection, which {@link #connect} brings up. */
    static StreamSocket ofTarget(
            Tunnel tunnel, SocketChannel channel, String target, Optional<String> user, StreamTotals totals) {
        return new StreamSocket(
                tunnel,
                channel,
                StreamInput.PLAIN,
                user,
                target,
                totals,
                tunnel.loop().turnNanos());
    }

    /** Begins to relay a user's connection. */
    void start(Stream newStream) {
        begin(newStream);
        prepare();
        input.resumeWith(this::resume);
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
            reader.ready(); // most users speak at once: then their first bytes leave together with the open
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Dials a target, once its address is known. */
    void connect(Stream newStream, TargetAddress target, Duration timeout) {
        begin(newStream);
        TargetDial fresh = new TargetDial(loop, channel, this);
        dial = fresh;
        fresh.start(target, timeout);
    }

    private void begin(Stream newStream) {
        stream = newStream;
        totals.addOpened();
        report.opened(newStream);
    }

    @Override
    public void connected(SelectionKey ours) {
        dial = null;
        key = ours;
        channel = (SocketChannel) ours.channel();
        ours.attach(this);
        state = State.OPEN;
        times.opened();
        prepare();
        tunnel.session().connected(stream());
        updateInterest();
        writer.writeQueued();
        if (isOpen() && writer.isEnding()) {
            writer.endWhenWritten();
        }
    }

    private void prepare() {
        Sockets.endWithReset(channel, true); // until it is complete
        try {
            Sockets.urgentInLine(channel);
        } catch (IOException e) {
            log.debug("urgent data of {} will be missing", channel, e); // it is broken, as its next read says
        }
        writer.connected();
    }

    SocketChannel channel() {
        return channel;
    }

    Stream stream() {
        return Objects.requireNonNull(stream);
    }

    /** Whether it is connected and the stream is not over. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    @Override
    public void ready(int readyOps) {
        try {
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

    /** The stream's turn at the tunnel has come. */
    void turn() {
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
        times.opened();
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

    /** A bug, or no memory: costs this stream, and neither the tunnel nor its other streams. */
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
        if (totals.usersSide()) {
            times.answered();
        }
        int length = data.remaining();
        writer.write(input.delivering(data), length);
        if (input.hasHeld()) {
            inputReady();
        }
    }

    /** The input has something, or is at an end, though the socket has said nothing. */
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
            if (writeKept()) {
                writer.end(StreamWriter.Ending.FIN);
            }
        } catch (Throwable e) {
            broke(e);
        }
    }

    /** Writes what the input kept of the peer's bytes; returns whether the stream is not over. */
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
            if (writeKept()) {
                writer.end(StreamWriter.Ending.FIN_AND_CLOSE);
            }
        } catch (Throwable e) {
            broke(e);
        }
    }

    /** Ends a connection whose input is not acceptable. */
    void refuse() {
        if (refused || !isOpen()) {
            return;
        }
        refused = true;
        totals.delayTotals().requestRefused();
        report.refused(input.refusalReason());
        Optional<ByteBuffer> answer = input.refusal();
        if (answer.isEmpty()) {
            tunnel.session().end(stream(), Reason.DENIED);
            return;
        }
        if (!writer.isEnding()) {
            writer.write(answer.get(), 0);
        }
        tunnel.session().refuse(stream(), Reason.DENIED);
    }

    /** All is written; what the socket still sends is thrown away for a while. */
    void closeLingering() {
        state = State.CLOSED;
        ended(refused ? Reason.DENIED : Reason.ENDED);
        try {
            Sockets.endWithReset(channel, false);
            LingeringClose.start(
                    loop,
                    channel,
                    Objects.requireNonNull(key),
                    tunnel.settings().lingerTimeout());
        } catch (Throwable e) {
            loop.failed(this, e);
            Sockets.reset(channel);
        }
        try {
            tunnel.session().outputEnded(stream());
        } finally {
            tunnel.streamEnded();
        }
    }

    @Override
    public void release() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            ended(Reason.ENDED);
            Sockets.endWithReset(channel, false);
            loop.close(Objects.requireNonNull(key));
            tunnel.streamEnded();
        }
    }

    @Override
    public void reset(Reason reason) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            loop.guarded(() -> Sockets.reset(channel));
            ended(reason);
            tunnel.streamEnded();
        }
    }

    /** Ends all its parts, whatever one of them throws. */
    private void ended(Reason reason) {
        loop.guarded(writer::stop);
        if (dial != null) {
            loop.guarded(dial::cancel);
        }
        if (resetWatch != null) {
            loop.guarded(resetWatch::stop);
        }
        if (lastWords != null) {
            loop.guarded(lastWords::stop);
        }
        loop.guarded(input::closed);
        loop.guarded(() -> tell(reason));
    }

    private void tell(Reason reason) {
        if (stream == null) {
            return; // it was not told of either
        }
        totals.addClosed(reason);
        times.ended(reason);
        report.closed(reason, reader.bytes(), writer.bytes());
    }

    @Override
    public void abort() {
        Stream current = stream;
        if (current == null) {
            Sockets.reset(channel);
            return;
        }
        try {
            tunnel.session().end(current, Reason.GOING_AWAY);
        } catch (Throwable e) {
            loop.failed(this, e); // our socket is reset, but the peer was not told: only the tunnel's end tells it
            tunnel.abort();
        }
    }

    /** The socket's FIN has come, and all before it has been read. */
    void inputEnded() {
        if (lastWords == null) {
            tunnel.session().inputEnded(stream());
        } else {
            lastWords.over(); // the system says "end" for a reset that a failed write has told of already
        }
    }

    /**
     * The socket takes nothing any more, as its other end has reset it. What that had sent before is relayed all the same, and
     * then the stream is over: a server that answers early and closes means its answer to be read.
     */
    void outputBroke(IOException cause) {
        if (state == State.CLOSED || lastWords != null) {
            return;
        }
        boolean more = isOpen() && reader.isReading();
        if (!more || !(input.hasHeld() || Sockets.hasUnread(channel))) {
            fail(cause);
            return;
        }
        writer.takeNothing();
        lastWords =
                new LastWords(loop, tunnel.settings().lingerTimeout(), reader::bytes, () -> fail(cause), this::abort);
        updateInterest();
    }

    /** Nobody wants more of a socket that {@link #outputBroke}. */
    void lastWordsUnwanted() {
        Objects.requireNonNull(lastWords).over();
    }

    /** The socket is broken: the stream is over. */
    void fail(IOException cause) {
        failed(totals.usersSide() ? Reason.USER_RESET : Reason.TARGET_RESET, cause);
    }

    @Override
    public void failed(Reason reason, IOException cause) {
        boolean connecting = state == State.CONNECTING;
        loop.guarded(() -> {
            if (connecting) {
                report.dialFailed(reason, cause);
            } else {
                report.failed(reason, cause);
            }
        });
        tunnel.session().end(stream(), reason);
    }

    @Override
    public void updateInterest() {
        SelectionKey current = key;
        if (!isOpen() || current == null || !current.isValid()) {
            return;
        }
        int ops = writer.queued() > 0 ? SelectionKey.OP_WRITE : 0;
        if (reader.waitsForSocket()) {
            ops |= SelectionKey.OP_READ;
        }
        if (ops == 0 && isUnwatched()) {
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

    /** What the stream is like now. */
    StreamView view() {
        return report.view(state == State.CONNECTING, reader, writer);
    }

    @Override
    public String toString() {
        return report.toString();
    }
}
