package io.portproxy.tunnel;

import io.portproxy.mux.Endpoint;
import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LateOptions;
import io.portproxy.net.LingeringClose;
import io.portproxy.net.LogFields;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.WriteQueue;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.StreamView.Side;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The socket at our end of a stream: the user's on the proxy server, the target's on the remote. On the tunnel's loop.
 *
 * <pre>
 *   CONNECTING --connected--> OPEN --both directions ended, or reset--> CLOSED (the socket may linger a while)
 *        |                                                                ^
 *        +------------------------ failed, or reset ----------------------+
 * </pre>
 *
 * The two directions end on their own: {@code inputEnded} when the socket's FIN has been read, {@code ending} when the
 * peer's bytes have all come. A peer that ends while the target is still being dialled is remembered: the bytes that came
 * before are delivered when the target is up.
 */
final class StreamSocket implements ReadyHandler, Endpoint, ResetWatch.Subject {
    private static final Logger log = LoggerFactory.getLogger(StreamSocket.class);

    /** Frames that one stream may put into the tunnel before another's turn. */
    private static final int FRAMES_A_TURN = 4;

    /** A stream that its tunnel has forgotten, and whose reader takes nothing for so many stall timeouts, is dropped. */
    private static final int FINISHING_PATIENCE = 6;

    /** Bytes that a stream may send in an epoch of the tunnel and still go ahead of others. */
    private static final int SPARSE = 16 * 1024;

    private enum State {
        CONNECTING,
        OPEN,
        CLOSED
    }

    /** What is done once all that waits for the socket is written. */
    private enum Ending {
        NONE,
        FIN,
        FIN_AND_CLOSE
    }

    private final Tunnel tunnel;
    private final EventLoop loop;
    private SocketChannel channel; // another one for each address of a target that is tried
    private final StreamInput input;
    private final Reason resetReason;
    private final Optional<String> user;
    private final String target;
    private final StreamTotals totals;
    private final StreamTimes times;
    private @Nullable Stream stream;
    private @Nullable SelectionKey key;
    private @Nullable WriteQueue queue;
    private @Nullable TargetDial dial;
    private @Nullable ResetWatch resetWatch;
    private @Nullable LateOptions options; // once it is connected
    private Timers.@Nullable Timer timer; // of a finishing stream's stall
    private State state;
    private Ending ending = Ending.NONE;
    private boolean inputEnded;
    private boolean windowFull; // the peer takes no more of this stream for now
    private boolean waitsForTurn;
    private int epoch;
    private int sentInEpoch;
    private long bytesIn;
    private long bytesOut;
    private String failure = ""; // what was wrong with its socket, in words

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
        this.user = user;
        this.target = target;
        this.totals = totals;
        this.times = new StreamTimes(loop, totals.delayTotals(), begunAt);
        if (totals.usersSide()) {
            this.resetReason = Reason.USER_RESET;
            this.state = State.OPEN;
        } else {
            this.resetReason = Reason.TARGET_RESET;
            this.state = State.CONNECTING;
        }
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

    private String description() {
        String remote = " of remote " + tunnel.events().remote();
        return totals.usersSide()
                ? "user " + user.orElse("that is gone") + " at " + totals.port() + remote
                : "target " + target + remote
                        + user.map(address -> " for " + address).orElse("");
    }

    /** Begins to relay a user's connection. */
    void start(Stream newStream) {
        opened(newStream);
        Sockets.endWithReset(channel, true); // until it is complete
        options = new LateOptions(loop, channel);
        input.resumeWith(this::resume);
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            fail(resetReason, e);
        }
    }

    /** Dials a target, once its address is known. */
    void connect(Stream newStream, TargetAddress target, Duration timeout) {
        opened(newStream);
        TargetDial fresh = new TargetDial(loop, channel, new DialOutcome());
        dial = fresh;
        fresh.start(target, timeout);
    }

    private void opened(Stream newStream) {
        stream = newStream;
        totals.addOpened();
        tunnel.events().streamOpened(totals.port(), newStream.identity(), user, target);
        if (log.isDebugEnabled()) {
            String what = totals.usersSide() ? "is to reach " + target : "is dialled";
            logFields().log(() -> log.debug("stream {}: {} {}", stream, description(), what));
        }
    }

    /** For a line that is logged. */
    private LogFields logFields() {
        return tunnel.events()
                .logFields()
                .andPort(totals.port())
                .andIdentity(Identity.format(stream().identity()));
    }

    @Override
    public void ready(int readyOps) {
        try {
            if ((readyOps & SelectionKey.OP_CONNECT) != 0) {
                fail(resetReason, new IOException("reset while it was not read"));
                return;
            }
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                writeQueued();
            }
            if ((readyOps & SelectionKey.OP_READ) != 0 && readsInput()) {
                relay(FRAMES_A_TURN);
            }
        } catch (IOException e) {
            fail(resetReason, e);
        }
    }

    private final class DialOutcome implements TargetDial.Outcome {
        @Override
        public void connected(SelectionKey ours) {
            key = ours;
            ours.attach(StreamSocket.this);
            state = State.OPEN;
            times.opened();
            Sockets.endWithReset(channel, true); // until it is complete
            options = new LateOptions(loop, channel);
            tunnel.session().connected(stream());
            updateInterest();
            try {
                writeQueued();
            } catch (IOException e) {
                StreamSocket.this.fail(resetReason, e);
            }
            if (state == State.OPEN && ending != Ending.NONE) {
                endOutputWhenWritten();
            }
        }

        @Override
        public void tryingWith(SocketChannel fresh) {
            channel = fresh;
        }

        @Override
        public void failed(Reason reason, IOException cause) {
            StreamSocket.this.fail(reason, cause);
        }

        @Override
        public void abort() {
            StreamSocket.this.abort();
        }
    }

    /** The stream's turn at the tunnel has come. */
    void turn() {
        waitsForTurn = false;
        if (!readsInput()) {
            return;
        }
        try {
            relay(1);
        } catch (IOException e) {
            fail(resetReason, e);
        }
    }

    /** Reads from the socket into the tunnel while the tunnel and the stream's window take it. */
    private void relay(int frames) throws IOException {
        for (int i = 0; i < frames && !input.isPaused(); i++) {
            if (!tunnel.writer().takesData(isSparse())) {
                waitForTurn();
                return;
            }
            long room = tunnel.session().sendRoom(stream());
            windowFull = room == 0;
            if (windowFull) {
                times.windowFull();
                updateInterest();
                return;
            }
            if (!readFrame(room)) {
                break;
            }
        }
        if (readsInput() && input.hasHeld() && !input.isPaused()) {
            waitForTurn(); // the selector does not know of these bytes
        } else {
            updateInterest();
        }
    }

    /** Reads one frame of at most {@code most} bytes. Returns whether there may be more to read. */
    private boolean readFrame(long most) throws IOException {
        ByteBuffer room = tunnel.writer().dataRoom((int) Math.min(most, Wire.MAX_DATA_SENT));
        int start = room.position();
        int result = 0;
        boolean full;
        try {
            result = input.read(channel, room);
        } finally {
            full = !room.hasRemaining();
            room.position(start + Math.max(result, 0));
            tunnel.writer().addData(stream().identity(), Math.max(result, 0));
        }
        if (result > 0) {
            bytesIn += result;
            totals.addRead(result);
            times.active();
            if (!totals.usersSide()) {
                times.answered();
            }
            tunnel.session().sent(stream(), result);
            sentInEpoch += result;
        } else if (result < 0) {
            inputEnded(result);
            return false;
        }
        return full || input.hasHeld();
    }

    /** Whether it has sent so little of late that it may go ahead of others. */
    private boolean isSparse() {
        int now = tunnel.writer().epoch();
        if (epoch != now) {
            epoch = now;
            sentInEpoch = 0;
        }
        return sentInEpoch < SPARSE;
    }

    private boolean readsInput() {
        return state == State.OPEN && !inputEnded && ending != Ending.FIN_AND_CLOSE;
    }

    @Override
    public void opened() {
        times.opened();
    }

    @Override
    public void sendRoomGrew() {
        windowFull = false;
        times.windowOpen();
        resume();
    }

    private void resume() {
        if (readsInput()) {
            waitForTurn();
        }
    }

    private void waitForTurn() {
        if (!waitsForTurn) {
            waitsForTurn = true;
            times.waits();
            updateInterest();
            tunnel.writer().queueForTurn(this);
        }
    }

    private void inputEnded(int result) {
        if (result == StreamInput.REFUSED) {
            totals.delayTotals().requestRefused();
            failure = input.refusalReason();
            if (log.isDebugEnabled()) {
                String line = "stream {}: {} refused: {}";
                logFields().andReason(Reason.DENIED.key()).log(() -> log.debug(line, stream, description(), failure));
            }
            write(input.refusal());
            tunnel.session().refuse(stream(), Reason.DENIED);
        } else {
            inputEnded = true;
            tunnel.session().inputEnded(stream());
        }
    }

    @Override
    public void deliver(ByteBuffer data) {
        if (state == State.CLOSED) {
            return;
        }
        if (totals.usersSide()) {
            times.answered();
        }
        boolean paused = input.isPaused();
        input.delivering(data);
        write(data);
        if (paused && !input.isPaused()) {
            resume();
        }
    }

    private void write(ByteBuffer data) {
        int length = data.remaining();
        bytesOut += length;
        totals.addWritten(length);
        times.active();
        try {
            if (state == State.OPEN && queued() == 0) {
                Objects.requireNonNull(options).writing(length);
                channel.write(data);
            }
        } catch (IOException e) {
            fail(resetReason, e);
            return;
        }
        int written = length - data.remaining();
        if (data.hasRemaining()) {
            if (queue == null) {
                queue = new WriteQueue(loop.chunks());
            }
            queue.add(data);
            updateInterest();
            tunnel.session().waiting(stream(), queue.footprint());
            if (state == State.CONNECTING
                    && tunnel.dialect() == Dialect.CLASSIC
                    && queued() > tunnel.settings().streamBuffer()) {
                // To wait for the dial would keep the tunnel from being read, and so harm every other stream.
                fail(Reason.LIMIT, new ConnectException(queued() + " bytes came before it was up"));
                return;
            }
        }
        if (written > 0) {
            tunnel.session().delivered(stream(), written);
        }
    }

    private void writeQueued() throws IOException {
        if (queue == null) {
            return;
        }
        Objects.requireNonNull(options).writing(queue.size());
        long written = queue.writeTo(channel);
        if (written > 0) {
            tunnel.session().waiting(stream(), queue.footprint());
            tunnel.session().delivered(stream(), written);
        }
        if (queue.size() == 0) {
            queue = null; // most streams never need one again
        }
        updateInterest();
        if (ending != Ending.NONE && (queue == null || written > 0)) {
            endOutputWhenWritten();
        }
    }

    @Override
    public void finish() {
        end(Ending.FIN);
    }

    @Override
    public void finishAndClose() {
        end(Ending.FIN_AND_CLOSE);
    }

    private void end(Ending how) {
        if (state != State.CLOSED) {
            ending = how;
            if (state == State.OPEN) {
                updateInterest();
                endOutputWhenWritten();
            }
        }
    }

    private void endOutputWhenWritten() {
        cancelTimer();
        if (queued() > 0) {
            long patience =
                    FINISHING_PATIENCE * tunnel.settings().stallTimeout().toNanos();
            timer = loop.timers().after(patience, this::finishingStalled);
        } else if (ending == Ending.FIN_AND_CLOSE) {
            state = State.CLOSED;
            ended(Reason.ENDED);
            Sockets.endWithReset(channel, false);
            LingeringClose.start(
                    loop,
                    channel,
                    Objects.requireNonNull(key),
                    tunnel.settings().lingerTimeout());
            tunnel.session().outputEnded(stream());
            tunnel.streamEnded();
        } else {
            try {
                channel.shutdownOutput();
            } catch (IOException e) {
                fail(resetReason, e);
                return;
            }
            tunnel.session().outputEnded(stream());
        }
    }

    /** A stream that its tunnel still knows counts among those that it may have, and drops when they hold it up. */
    private void finishingStalled() {
        if (ending == Ending.FIN && !tunnel.writer().isClosed()) {
            endOutputWhenWritten();
        } else {
            tunnel.session().end(stream(), Reason.STALLED);
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
            if (queue != null) {
                queue.clear();
                queue = null;
            }
            Sockets.reset(channel);
            ended(reason);
            tunnel.streamEnded();
        }
    }

    private void ended(Reason reason) {
        totals.addClosed(reason);
        times.ended(reason);
        cancelTimer();
        if (dial != null) {
            dial.cancel();
        }
        if (resetWatch != null) {
            resetWatch.stop();
        }
        if (options != null) {
            options.stop();
        }
        input.closed();
        boolean users = totals.usersSide();
        tunnel.events()
                .streamClosed(
                        totals.port(),
                        stream().identity(),
                        user,
                        target,
                        reason,
                        users ? bytesIn : bytesOut,
                        users ? bytesOut : bytesIn,
                        loop.nanoTime() - times.begunAt(),
                        failure);
        if (reason == Reason.STALLED) {
            String line = "stream {}: {} dropped because its reader stalled";
            logFields()
                    .andReason(reason.key())
                    .log(() -> tunnel.failures().log(log, Level.WARN, line, stream, description()));
        }
        if (log.isDebugEnabled()) {
            String line = "stream {}: {} closed: {}; {} bytes read, {} received for it";
            logFields()
                    .andReason(reason.key())
                    .log(() -> log.debug(line, stream, description(), reason.text(), bytesIn, bytesOut));
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

    private void fail(Reason reason, IOException cause) {
        failure = String.valueOf(cause.getMessage());
        if (state == State.CONNECTING) {
            String line = "stream {}: {}: {}: {}";
            logFields()
                    .andReason(reason.key())
                    .log(() -> tunnel.failures()
                            .log(log, Level.INFO, line, stream, description(), reason.text(), failure));
        } else if (log.isDebugEnabled()) {
            String line = "stream {}: {}: {}";
            logFields().andReason(reason.key()).log(() -> log.debug(line, stream, description(), reason.text(), cause));
        }
        tunnel.session().end(stream(), reason);
    }

    @Override
    public void updateInterest() {
        SelectionKey current = key;
        if (state != State.OPEN || current == null || !current.isValid()) {
            return;
        }
        int ops = queued() > 0 ? SelectionKey.OP_WRITE : 0;
        if (isRead()) {
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

    private boolean isRead() {
        return readsInput() && !waitsForTurn && !windowFull && !input.isPaused();
    }

    @Override
    public boolean isUnwatched() {
        return state == State.OPEN && ending == Ending.NONE && queued() == 0 && !isRead() && !waitsForTurn;
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

    /** What the stream is like now. */
    StreamView view() {
        Stream current = stream();
        boolean users = totals.usersSide();
        boolean extended = tunnel.dialect() == Dialect.EXTENDED;
        long now = loop.nanoTime();
        long queued = queued();
        return new StreamView(
                current.identity(),
                users ? Optional.of(totals.port()) : Optional.empty(),
                user,
                target,
                viewedState(current.localEnded(), current.peerEnded()),
                loop.instantOf(times.begunAt()),
                Math.max(0, now - times.activeAt()),
                users ? bytesIn : bytesOut,
                users ? bytesOut : bytesIn,
                extended ? Optional.of(current.sendWindow()) : Optional.empty(),
                extended ? Optional.of(current.receiveWindow()) : Optional.empty(),
                queued,
                stall(current, now));
    }

    /** The longest, if there are several: the directions do not wait for each other. */
    private Optional<StreamView.Stall> stall(Stream current, long now) {
        Side here = totals.usersSide() ? Side.USER : Side.TARGET;
        Side there = totals.usersSide() ? Side.TARGET : Side.USER;
        return java.util.stream.Stream.of(
                        stall(queued() > 0, here, now - current.progressAt()),
                        stall(windowFull, there, now - times.windowFullAt()),
                        stall(waitsForTurn, Side.TUNNEL, now - times.waitsAt()))
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(StreamView.Stall::nanos));
    }

    private static Optional<StreamView.Stall> stall(boolean isOne, Side side, long nanos) {
        return isOne && nanos >= StreamView.Stall.SHORTEST_NANOS
                ? Optional.of(new StreamView.Stall(side, nanos))
                : Optional.empty();
    }

    private StreamView.State viewedState(boolean ours, boolean theirs) {
        if (state == State.CONNECTING) {
            return StreamView.State.CONNECTING;
        } else if (ours && theirs) {
            return StreamView.State.FINISHING;
        } else if (ours || theirs) {
            return ours == totals.usersSide() ? StreamView.State.USER_ENDED : StreamView.State.TARGET_ENDED;
        }
        return StreamView.State.OPEN;
    }

    @Override
    public String toString() {
        return "stream " + stream + " of " + description();
    }
}
