package io.portproxy.tunnel;

import io.portproxy.mux.Endpoint;
import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LingeringClose;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.WriteQueue;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket at our end of a stream: the user's on the proxy server, the target's on the remote. On the tunnel's loop.
 *
 * <pre>
 *   CONNECTING --connected--> OPEN --peer closed--> FINISHING --all written--> CLOSED (the socket may linger a while)
 *        |                      |                       |
 *        +----------------------+------ reset ----------+--> CLOSED
 * </pre>
 *
 * A peer that closes while the target is still being dialled is remembered: the bytes that came before are delivered
 * when the target is up.
 */
final class StreamSocket implements ReadyHandler, Endpoint {
    private static final Logger log = LoggerFactory.getLogger(StreamSocket.class);

    /** Frames that one stream may put into the tunnel before another's turn. */
    private static final int FRAMES_A_TURN = 4;

    private enum State {
        CONNECTING,
        OPEN,
        FINISHING,
        CLOSED
    }

    private final Tunnel tunnel;
    private final EventLoop loop;
    private final SocketChannel channel;
    private final StreamInput input;
    private final Reason resetReason;
    private final String description;
    private @Nullable Stream stream;
    private @Nullable SelectionKey key;
    private @Nullable WriteQueue queue;
    private Timers.@Nullable Timer timer; // of the dial, later of a finishing stream's stall
    private State state;
    private boolean peerFinished;
    private boolean waitsForTurn;
    private long bytesIn;
    private long bytesOut;

    private StreamSocket(
            Tunnel tunnel, SocketChannel channel, StreamInput input, Reason resetReason, State state, String peer) {
        this.tunnel = tunnel;
        this.loop = tunnel.loop();
        this.channel = channel;
        this.input = input;
        this.resetReason = resetReason;
        this.state = state;
        this.description = peer;
    }

    /** A user's connection, which is up. */
    static StreamSocket ofUser(Tunnel tunnel, SocketChannel channel, StreamInput input) {
        return new StreamSocket(
                tunnel, channel, input, Reason.USER_RESET, State.OPEN, "user " + Sockets.remote(channel));
    }

    /** A target's connection, which {@link #connect} brings up. */
    static StreamSocket ofTarget(Tunnel tunnel, SocketChannel channel, InetSocketAddress target) {
        return new StreamSocket(
                tunnel,
                channel,
                StreamInput.PLAIN,
                Reason.TARGET_RESET,
                State.CONNECTING,
                "target " + Sockets.text(target));
    }

    String description() {
        return description;
    }

    /** Begins to relay a user's connection. */
    void start(Stream newStream) {
        stream = newStream;
        input.resumeWith(this::resume);
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            fail(resetReason, e);
        }
    }

    /** Dials a target. */
    void connect(Stream newStream, InetSocketAddress target, Duration timeout) {
        stream = newStream;
        try {
            Sockets.prepare(channel);
            if (channel.connect(target)) {
                key = loop.register(channel, 0, this);
                connected();
            } else {
                key = loop.register(channel, SelectionKey.OP_CONNECT, this);
                timer = loop.timers()
                        .after(
                                timeout.toNanos(),
                                () -> fail(
                                        Reason.DIAL_TIMEOUT,
                                        new ConnectException("no answer within " + timeout.toMillis() + " ms")));
            }
        } catch (IOException e) {
            dialFailed(e);
        }
    }

    @Override
    public void ready(int readyOps) {
        try {
            if (state == State.CONNECTING) {
                if (channel.finishConnect()) {
                    connected();
                }
                return;
            }
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                writeQueued();
            }
            if ((readyOps & SelectionKey.OP_READ) != 0 && state == State.OPEN) {
                relay(FRAMES_A_TURN);
            }
        } catch (IOException e) {
            if (state == State.CONNECTING) {
                dialFailed(e);
            } else {
                fail(resetReason, e);
            }
        }
    }

    private void connected() throws IOException {
        cancelTimer();
        state = State.OPEN;
        updateInterest();
        if (queue != null) {
            writeQueued();
        }
        if (peerFinished) {
            finish();
        }
    }

    /** The stream's turn at the tunnel has come. */
    void turn() {
        waitsForTurn = false;
        if (state != State.OPEN) {
            return;
        }
        try {
            relay(1);
        } catch (IOException e) {
            fail(resetReason, e);
        }
    }

    /** Reads from the socket into the tunnel while the tunnel takes it. */
    private void relay(int frames) throws IOException {
        for (int i = 0; i < frames; i++) {
            if (input.isPaused()) {
                break;
            }
            if (!tunnel.takesData()) {
                waitForTurn();
                return;
            }
            ByteBuffer room = tunnel.dataRoom();
            int start = room.position();
            int result = 0;
            boolean full;
            try {
                result = input.read(channel, room);
            } finally {
                full = !room.hasRemaining();
                room.position(start + Math.max(result, 0));
                tunnel.addData(stream().identity(), Math.max(result, 0));
            }
            if (result < 0) {
                inputEnded(result);
                return;
            }
            bytesIn += result;
            if (!full && !input.hasHeld()) {
                break;
            }
        }
        if (input.hasHeld() && !input.isPaused()) {
            waitForTurn(); // the selector does not know of these bytes
        } else {
            updateInterest();
        }
    }

    private void resume() {
        if (state == State.OPEN) {
            waitForTurn();
        }
    }

    private void waitForTurn() {
        if (!waitsForTurn) {
            waitsForTurn = true;
            updateInterest();
            tunnel.queueForTurn(this);
        }
    }

    private void inputEnded(int result) {
        if (result == StreamInput.REFUSED) {
            log.debug("stream {}: {} refused: {}", stream, description, input.refusalReason());
            write(input.refusal());
            tunnel.session().endCleanly(stream());
        } else {
            tunnel.session().end(stream(), Reason.ENDED);
        }
    }

    @Override
    public void deliver(ByteBuffer data) {
        if (state == State.CLOSED) {
            return;
        }
        boolean paused = input.isPaused();
        input.delivering(data);
        write(data);
        if (paused && !input.isPaused()) {
            resume();
        }
    }

    private void write(ByteBuffer data) {
        bytesOut += data.remaining();
        try {
            if (state != State.CONNECTING && queued() == 0) {
                channel.write(data);
            }
        } catch (IOException e) {
            fail(resetReason, e);
            return;
        }
        if (data.hasRemaining()) {
            if (queue == null) {
                queue = new WriteQueue(loop.chunks());
            }
            queue.add(data);
            updateInterest();
            tunnel.session().waiting(stream(), queue.footprint());
        }
    }

    private void writeQueued() throws IOException {
        if (queue == null || queue.size() == 0) {
            return;
        }
        long written = queue.writeTo(channel);
        if (written > 0) {
            tunnel.session().waiting(stream(), queue.footprint());
        }
        if (queue.size() == 0) {
            queue = null; // most streams never need one again
        }
        updateInterest();
        if (state == State.FINISHING) {
            if (queue == null) {
                endCleanly();
            } else if (written > 0) {
                watchForStall();
            }
        }
    }

    @Override
    public void finish() {
        if (state == State.CONNECTING) {
            peerFinished = true;
        } else if (state == State.OPEN) {
            state = State.FINISHING;
            if (queued() == 0) {
                endCleanly();
            } else {
                updateInterest();
                watchForStall();
            }
        }
    }

    private void watchForStall() {
        cancelTimer();
        timer = loop.timers()
                .after(
                        tunnel.settings().stallTimeout().toNanos(),
                        () -> tunnel.session().end(stream(), Reason.STALLED));
    }

    private void endCleanly() {
        cancelTimer();
        state = State.CLOSED;
        input.closed();
        logEnd(Reason.ENDED);
        LingeringClose.start(
                loop, channel, Objects.requireNonNull(key), tunnel.settings().lingerTimeout());
        tunnel.streamClosed(stream());
    }

    @Override
    public void reset(Reason reason) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            input.closed();
            cancelTimer();
            if (queue != null) {
                queue.clear();
                queue = null;
            }
            Sockets.reset(channel);
            logEnd(reason);
            tunnel.streamReset();
        }
    }

    @Override
    public void abort() {
        if (stream == null) {
            Sockets.reset(channel);
        } else {
            tunnel.session().end(stream, Reason.GOING_AWAY);
        }
    }

    private void dialFailed(IOException cause) {
        boolean refused = cause instanceof ConnectException && !(cause instanceof NoRouteToHostException);
        fail(refused ? Reason.TARGET_REFUSED : Reason.TARGET_UNREACHABLE, cause);
    }

    private void fail(Reason reason, IOException cause) {
        if (state == State.CONNECTING) {
            log.info("stream {}: {}: {}: {}", stream, description, reason.text(), cause.getMessage());
        } else {
            log.debug("stream {}: {}: {}", stream, description, reason.text(), cause);
        }
        tunnel.session().end(stream(), reason);
    }

    private void logEnd(Reason reason) {
        if (reason == Reason.STALLED) {
            log.warn("stream {}: {} dropped because its reader stalled", stream, description);
        }
        log.debug(
                "stream {}: {} closed: {}; {} bytes read, {} received for it",
                stream,
                description,
                reason.text(),
                bytesIn,
                bytesOut);
    }

    private void updateInterest() {
        int ops = 0;
        if (state == State.CONNECTING) {
            ops = SelectionKey.OP_CONNECT;
        } else {
            if (state == State.OPEN && !waitsForTurn && !input.isPaused()) {
                ops |= SelectionKey.OP_READ;
            }
            if (queued() > 0) {
                ops |= SelectionKey.OP_WRITE;
            }
        }
        SelectionKey current = key;
        if (current != null && current.isValid() && current.interestOps() != ops) {
            current.interestOps(ops);
        }
    }

    private long queued() {
        return queue == null ? 0 : queue.size();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private Stream stream() {
        return Objects.requireNonNull(stream);
    }

    @Override
    public String toString() {
        return "stream " + stream + " of " + description;
    }
}
