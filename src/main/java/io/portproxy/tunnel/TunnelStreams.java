package io.portproxy.tunnel;

import io.portproxy.mux.Stream;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Which streams a tunnel gets: opens those of users, takes or refuses those that the peer opens, and tells whether there is
 * room for another. On the tunnel's loop, where nothing else is said.
 */
public final class TunnelStreams {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    /** Lines about streams that came to nothing, or were dropped, that are seen in ten seconds. */
    private static final int FAILURES_LOGGED = 10;

    private final Tunnel tunnel;
    private final ControlWriter control;
    private final LogLimit refusals;
    private final LogLimit failures;
    private volatile boolean available = true;
    private volatile int load;

    TunnelStreams(Tunnel tunnel, ControlWriter control) {
        this.tunnel = tunnel;
        this.control = control;
        this.refusals = new LogLimit(tunnel.loop()::nanoTime, FAILURES_LOGGED);
        this.failures = new LogLimit(tunnel.loop()::nanoTime, FAILURES_LOGGED);
    }

    /** Streams that are not closed. Any thread. */
    public int load() {
        return load;
    }

    /** Whether the tunnel is up, is not being drained, and has fewer streams than it may. Any thread. */
    public boolean isAvailable() {
        return available && load < tunnel.settings().maxStreams();
    }

    /** Whether the tunnel can take another stream: it is up, not being drained, and within its limits. */
    public boolean takesMore() {
        return available && tunnel.session().hasRoom() && tunnel.writer().size() < ControlWriter.MAX_QUEUED;
    }

    /** From now on none is added. */
    void takeNoMore() {
        available = false;
    }

    /** A stream has begun or ended. */
    void count() {
        load = tunnel.session().live();
        tunnel.makeRoom(load);
    }

    /** For what any user, or a target that is down, can cause at will. */
    LogLimit failures() {
        return failures;
    }

    /**
     * Opens a stream for a user's connection; needs {@link #takesMore}. The proxy server's side.
     *
     * @param totals the exposed port's on this tunnel's loop
     * @param acceptedAt when the user connected, on the clock of the loops
     */
    public void open(Open open, SocketChannel user, StreamInput input, StreamTotals totals, long acceptedAt) {
        StreamSocket socket = StreamSocket.ofUser(tunnel, user, input, open.userAddress(), totals, acceptedAt);
        Stream stream;
        try {
            stream = tunnel.session().add(open.identity(), socket);
        } catch (ProtocolException e) {
            throw new IllegalStateException("an identity was given twice", e);
        }
        try {
            count();
            if (tunnel.dialect() == Dialect.EXTENDED) {
                control.sendOpen(open);
            } else {
                control.sendInitialConnection(open);
            }
            socket.start(stream);
        } catch (Throwable e) {
            tunnel.session().end(stream, Reason.GOING_AWAY); // whoever accepted the user knows nothing of the stream
            throw e;
        }
    }

    /**
     * Takes a stream that the peer has opened and dials its target. The remote's side.
     *
     * @param name the target's host and port, for logs
     * @param totals the remote's on this tunnel's loop
     * @throws ProtocolException the identity is in use
     */
    public void accept(Open open, String name, TargetAddress target, Duration connectTimeout, StreamTotals totals)
            throws ProtocolException {
        if (!takesMore()) {
            refuse(open, name, available ? Reason.LIMIT : Reason.GOING_AWAY, "no more streams are taken");
            return;
        }
        SocketChannel channelToTarget;
        try {
            channelToTarget = SocketChannel.open();
        } catch (IOException e) {
            Reason reason = Sockets.isOutOfDescriptors(e) ? Reason.LIMIT : Reason.TARGET_UNREACHABLE;
            refuse(open, name, reason, String.valueOf(e.getMessage()));
            return;
        }
        StreamSocket socket;
        Stream stream;
        try {
            socket = StreamSocket.ofTarget(tunnel, channelToTarget, name, open.userAddress(), totals);
            stream = tunnel.session().add(open.identity(), socket);
        } catch (Throwable e) {
            Sockets.close(channelToTarget);
            throw e;
        }
        try {
            count();
            socket.connect(stream, target, connectTimeout);
        } catch (Throwable e) {
            tunnel.loop().failed(socket, e);
            tunnel.session().end(stream, Reason.GOING_AWAY);
        }
    }

    /**
     * Answers a stream that cannot be had, and tells why.
     *
     * @param target the target's host and port, as the peer named them
     */
    public void refuse(Open open, String target, Reason reason, String why) {
        tunnel.owner().totals().addRefused(reason);
        String identity = Identity.format(open.identity());
        tunnel.owner().events().streamRefused(open.identity(), open.userAddress(), target, reason, why);
        tunnel.owner()
                .events()
                .logFields()
                .andIdentity(identity)
                .andReason(reason.key())
                .log(() -> refusals.log(
                        log,
                        Level.WARN,
                        "stream {} to {} for {} refused: {}: {}",
                        identity,
                        target,
                        open.userAddress().orElse("a user"),
                        reason.text(),
                        why));
        if (tunnel.writer().size() > 2 * ControlWriter.MAX_QUEUED) {
            tunnel.lose(Reason.LIMIT, "the peer opens streams without reading the answers");
        } else if (tunnel.dialect() == Dialect.EXTENDED) {
            control.sendReset(open.identity(), reason);
        } else {
            control.sendCloseConnection(open.identity());
        }
    }
}
