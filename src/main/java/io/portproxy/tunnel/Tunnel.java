package io.portproxy.tunnel;

import io.portproxy.mux.Peer;
import io.portproxy.mux.Session;
import io.portproxy.mux.SessionLimits;
import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LingeringClose;
import io.portproxy.net.RareWarning;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.InstructionHandler;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tunnel behind its greeting, in either role: reads instructions and hands them to its {@link Session}, gathers what
 * leaves in an {@link Outbox}, and gives the streams their turns at it.
 *
 * <p>Fairness: while the tunnel's socket takes bytes, streams are read as they are ready. When it refuses some, a ready
 * stream queues for a turn and its socket is not read; once the socket has taken all, the queue is served in order, a
 * frame each.
 *
 * <p>Everything runs on the tunnel's loop. From outside, go through {@link EventLoop#execute}.
 */
public final class Tunnel implements ReadyHandler {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    /** How often in an idle timeout liveness is looked at. */
    private static final int LOOKS_PER_TIMEOUT = 8;

    /** With more than this waiting to leave, no stream is added: those that are there bound the rest. */
    private static final int MAX_CONTROL_QUEUED = 1024 * 1024;

    private static final int MAX_HEX_LOGGED = 16;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final String peerAddress;
    private final TunnelSettings settings;
    private final boolean expectsHeartbeats;
    private final TunnelOwner owner;
    private final Session session;
    private final Outbox outbox;
    private final InstructionDecoder decoder = new InstructionDecoder();
    private final Incoming incoming = new Incoming();
    private final ByteBuffer undecoded = ByteBuffer.allocate(Wire.MAX_UNDECODED).limit(0);
    private final RareWarning refusals;
    private final ArrayDeque<StreamSocket> turns = new ArrayDeque<>();
    private @Nullable SelectionKey key;
    private Timers.@Nullable Timer livenessTimer;
    private Timers.@Nullable Timer stallTimer;
    private Timers.@Nullable Timer drainTimer;
    private boolean reading = true;
    private boolean flushQueued;
    private boolean draining;
    private boolean closed;
    private long lastHeard;
    private long lastTaken;

    /**
     * @param loop the loop that will own the tunnel
     * @param channel the tunnel's connection, non-blocking
     * @param expectsHeartbeats whether the peer beats, so that silence means that it is gone
     */
    public Tunnel(
            EventLoop loop,
            SocketChannel channel,
            TunnelSettings settings,
            boolean expectsHeartbeats,
            TunnelOwner owner) {
        this.loop = loop;
        this.channel = channel;
        this.peerAddress = Sockets.remote(channel);
        this.settings = settings;
        this.expectsHeartbeats = expectsHeartbeats;
        this.owner = owner;
        this.refusals = new RareWarning(loop::nanoTime);
        this.outbox = new Outbox(loop.outboxes());
        this.session = new Session(
                new SessionLimits(
                        settings.streamBuffer(),
                        settings.tunnelBuffer(),
                        settings.stallTimeout().toNanos(),
                        settings.maxStreams()),
                new Outgoing(),
                loop::nanoTime);
    }

    /**
     * Begins to read.
     *
     * @param first bytes that came behind the greeting, to be decoded before any other
     */
    public void start(ByteBuffer first) {
        lastHeard = loop.nanoTime();
        lastTaken = lastHeard;
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            lose(Reason.TUNNEL_LOST, String.valueOf(e.getMessage()));
            return;
        }
        watchLiveness();
        decode(first);
    }

    /** The peer's address, for logs. */
    public String peerAddress() {
        return peerAddress;
    }

    EventLoop loop() {
        return loop;
    }

    TunnelSettings settings() {
        return settings;
    }

    Session session() {
        return session;
    }

    /** Whether the tunnel can take another stream: it is up, not being drained, and within its limits. */
    public boolean takesStreams() {
        return !closed && !draining && session.hasRoom() && outbox.size() < MAX_CONTROL_QUEUED;
    }

    /** Opens a stream for a user's connection; needs {@link #takesStreams}. The proxy server's side. */
    public void openStream(long identity, int targetPort, SocketChannel user, StreamInput input) {
        StreamSocket socket = StreamSocket.ofUser(this, user, input);
        log.debug(
                "stream {}: {} to port {} of the remote", Identity.format(identity), socket.description(), targetPort);
        socket.start(session.open(identity, targetPort, socket));
    }

    /**
     * Takes a stream that the peer has opened and dials its target. The remote's side.
     *
     * @throws ProtocolException the identity is in use
     */
    public void acceptStream(long identity, InetSocketAddress target, Duration connectTimeout)
            throws ProtocolException {
        if (!takesStreams()) {
            log.info(
                    "stream {}: target {}: {}",
                    Identity.format(identity),
                    Sockets.text(target),
                    draining ? Reason.GOING_AWAY.text() : Reason.LIMIT.text());
            refuseStream(identity);
            return;
        }
        SocketChannel channelToTarget;
        try {
            channelToTarget = SocketChannel.open();
        } catch (IOException e) {
            refusals.log(
                    log,
                    "stream {}: target {}: {}: {}",
                    Identity.format(identity),
                    Sockets.text(target),
                    Reason.TARGET_UNREACHABLE.text(),
                    e.getMessage());
            refuseStream(identity);
            return;
        }
        StreamSocket socket = StreamSocket.ofTarget(this, channelToTarget, target);
        try {
            socket.connect(session.accept(identity, socket), target, connectTimeout);
        } catch (ProtocolException e) {
            Sockets.close(channelToTarget);
            throw e;
        }
    }

    /** Answers a stream that cannot be had. */
    public void refuseStream(long identity) {
        if (outbox.size() > 2 * MAX_CONTROL_QUEUED) {
            lose(Reason.LIMIT, "the peer opens streams without reading the answers");
        } else {
            sendCloseConnection(identity);
        }
    }

    /** Sends InsInitialRemoteServer. */
    public void sendGreeting(String name) {
        ByteBuffer room = outbox.controlRoom(Wire.INITIAL_REMOTE_SERVER_HEAD + Wire.MAX_NAME_LENGTH);
        int start = room.position();
        InstructionEncoder.initialRemoteServer(room, name);
        outbox.added(room.position() - start);
        flushSoon();
    }

    /** Sends InsHeartbeat, unless bytes are waiting to leave, which are a sign of life themselves. */
    public void sendHeartbeat() {
        if (!closed && !outbox.isBlocked()) {
            InstructionEncoder.heartbeat(outbox.controlRoom(Wire.HEARTBEAT_LENGTH));
            outbox.added(Wire.HEARTBEAT_LENGTH);
            flushSoon();
        }
    }

    /** Takes no new streams, lets the others end, at most for {@code grace}, and closes the tunnel. */
    public void drain(Duration grace) {
        if (!closed && !draining) {
            draining = true;
            if (session.live() > 0) {
                log.info("{}: {} streams may take up to {} to end", this, session.live(), grace);
            }
            drainTimer = loop.timers()
                    .after(
                            grace.toNanos(),
                            () -> lose(
                                    Reason.GOING_AWAY,
                                    session.live() + " streams were reset, which had not ended within " + grace));
            checkDrained();
        }
    }

    /** Ends the tunnel at once: resets its streams and tells its owner. */
    public void lose(Reason reason, String detail) {
        if (!closed) {
            end(reason);
            Sockets.close(channel);
            owner.closed(this, reason, detail);
        }
    }

    private void end(Reason reason) {
        closed = true;
        cancel(livenessTimer);
        cancel(stallTimer);
        cancel(drainTimer);
        session.cut(reason);
        outbox.clear();
        turns.clear();
    }

    @Override
    public void abort() {
        lose(Reason.GOING_AWAY, "the event loop has ended");
    }

    @Override
    public void ready(int readyOps) {
        try {
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                flushSoon();
            }
            if ((readyOps & SelectionKey.OP_READ) != 0) {
                read();
            }
        } catch (IOException e) {
            lose(Reason.TUNNEL_LOST, String.valueOf(e.getMessage()));
        }
    }

    private void read() throws IOException {
        ByteBuffer in = loop.readBuffer().put(undecoded);
        int length = channel.read(in);
        if (length < 0) {
            lose(Reason.TUNNEL_LOST, "the peer closed the tunnel");
            return;
        }
        lastHeard = loop.nanoTime();
        decode(in.flip());
    }

    private void decode(ByteBuffer in) {
        int start = in.position();
        try {
            do {
                start = in.position();
            } while (!closed && decoder.decode(in, incoming));
        } catch (ProtocolException e) {
            String bytes = HexFormat.ofDelimiter(" ").formatHex(firstBytes(in, start));
            lose(Reason.PROTOCOL_ERROR, e.getMessage() + "; its bytes: " + bytes);
            return;
        }
        if (!closed) {
            undecoded.clear().put(in).flip();
        }
    }

    private static byte[] firstBytes(ByteBuffer in, int start) {
        byte[] bytes = new byte[Math.min(MAX_HEX_LOGGED, in.limit() - start)];
        in.get(start, bytes);
        return bytes;
    }

    /** Whether a stream may read data for the tunnel into {@link #dataRoom} now. */
    boolean takesData() {
        if (closed || outbox.hasDataRoom()) {
            return !closed;
        }
        if (!outbox.isBlocked()) {
            flush();
        }
        return !closed && outbox.hasDataRoom();
    }

    ByteBuffer dataRoom() {
        return outbox.dataRoom();
    }

    void addData(long identity, int length) {
        outbox.addData(identity, length);
        if (length > 0) {
            flushSoon();
        }
    }

    /** Has {@link StreamSocket#turn} called when the tunnel takes data and those before it have had their turn. */
    void queueForTurn(StreamSocket socket) {
        if (!closed) {
            turns.add(socket);
            if (!outbox.isBlocked()) {
                flushSoon();
            }
        }
    }

    /** A finishing stream has written its last byte. */
    void streamClosed(Stream stream) {
        session.closed(stream);
        checkDrained();
    }

    /** A stream's socket was reset. */
    void streamReset() {
        checkDrained();
    }

    private void flushSoon() {
        if (!flushQueued) {
            flushQueued = true;
            loop.afterTurn(this::endTurn);
        }
    }

    private void endTurn() {
        flushQueued = false;
        if (closed) {
            return;
        }
        flush();
        for (int n = turns.size(); n > 0 && takesData(); n--) {
            turns.remove().turn();
        }
        if (!closed) {
            flush();
            if (!turns.isEmpty() && !outbox.isBlocked()) {
                flushSoon();
            }
            updateInterest();
            checkDrained();
        }
    }

    private void flush() {
        boolean wasBlocked = outbox.isBlocked();
        try {
            if (outbox.flush(channel) > 0 || (outbox.isBlocked() && !wasBlocked)) {
                lastTaken = loop.nanoTime();
            }
        } catch (IOException e) {
            lose(Reason.TUNNEL_LOST, String.valueOf(e.getMessage()));
        }
    }

    private void updateInterest() {
        SelectionKey current = key;
        if (current == null || !current.isValid()) {
            return;
        }
        int ops = (reading ? SelectionKey.OP_READ : 0) | (outbox.isBlocked() ? SelectionKey.OP_WRITE : 0);
        if (current.interestOps() != ops) {
            current.interestOps(ops);
        }
    }

    private void sendCloseConnection(long identity) {
        if (!closed) {
            InstructionEncoder.closeConnection(outbox.controlRoom(Wire.CLOSE_CONNECTION_LENGTH), identity);
            outbox.added(Wire.CLOSE_CONNECTION_LENGTH);
            flushSoon();
        }
    }

    private void watchLiveness() {
        livenessTimer = loop.timers().after(settings.idleTimeout().toNanos() / LOOKS_PER_TIMEOUT, this::checkLiveness);
    }

    private void checkLiveness() {
        long now = loop.nanoTime();
        long timeout = settings.idleTimeout().toNanos();
        if (outbox.isBlocked() && now - lastTaken >= timeout) {
            lose(Reason.IDLE_TIMEOUT, "it has taken no byte for " + settings.idleTimeout());
        } else if (expectsHeartbeats && reading && now - lastHeard >= timeout) {
            lose(Reason.IDLE_TIMEOUT, "it has been silent for " + settings.idleTimeout());
        } else {
            watchLiveness();
        }
    }

    private void watchStall() {
        stallTimer = loop.timers().after(settings.stallTimeout().toNanos() / LOOKS_PER_TIMEOUT, () -> {
            session.checkStall();
            if (!reading && !closed) {
                watchStall();
            }
        });
    }

    private void checkDrained() {
        if (draining && !closed && session.live() == 0 && outbox.size() == 0) {
            end(Reason.GOING_AWAY);
            SelectionKey current = key;
            if (current == null) {
                Sockets.close(channel);
            } else {
                LingeringClose.start(loop, channel, current, settings.lingerTimeout());
            }
            owner.closed(this, Reason.GOING_AWAY, "all its streams have ended");
        }
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public String toString() {
        return "tunnel with " + peerAddress;
    }

    /** What the session asks for. */
    private final class Outgoing implements Peer {
        @Override
        public void sendInitialConnection(long identity, int targetPort) {
            InstructionEncoder.initialConnection(
                    outbox.controlRoom(Wire.INITIAL_CONNECTION_LENGTH), identity, targetPort);
            outbox.added(Wire.INITIAL_CONNECTION_LENGTH);
            flushSoon();
        }

        @Override
        public void sendCloseConnection(long identity) {
            Tunnel.this.sendCloseConnection(identity);
        }

        @Override
        public void reading(boolean allowed) {
            if (closed) {
                return;
            }
            reading = allowed;
            updateInterest();
            cancel(stallTimer);
            if (allowed) {
                lastHeard = loop.nanoTime(); // what was silent was this side
            } else {
                log.debug("{} is not read until {} bytes that wait have gone", Tunnel.this, session.waiting());
                watchStall();
            }
        }
    }

    /** What the peer sends. */
    private final class Incoming implements InstructionHandler {
        @Override
        public void initialRemoteServer(String name) throws ProtocolException {
            throw new ProtocolException("InsInitialRemoteServer where none belongs");
        }

        @Override
        public void initialConnection(long identity, int targetPort) throws ProtocolException {
            owner.initialConnection(Tunnel.this, identity, targetPort);
        }

        @Override
        public void heartbeat() {
            // Having been heard is all that it is for.
        }

        @Override
        public void dataHead(long identity, long length) {
            // The dialect has no flow control: any length is fine.
        }

        @Override
        public void data(long identity, ByteBuffer data) {
            session.data(identity, data);
        }

        @Override
        public void closeConnection(long identity) {
            session.closeConnection(identity);
        }
    }
}
