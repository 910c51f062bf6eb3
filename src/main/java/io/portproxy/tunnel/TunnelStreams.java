package io.portproxy.tunnel;

import io.portproxy.mux.Session;
import io.portproxy.mux.Stream;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogLimit;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.connection.ControlWriter;
import io.portproxy.tunnel.connection.TunnelState;
import io.portproxy.tunnel.connection.TunnelWriter;
import io.portproxy.tunnel.stream.Connector;
import io.portproxy.tunnel.stream.DatagramConnector;
import io.portproxy.tunnel.stream.DatagramFlow;
import io.portproxy.tunnel.stream.StreamContext;
import io.portproxy.tunnel.stream.StreamEnd;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.stream.StreamSocket;
import io.portproxy.tunnel.stream.StreamTerms;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.StreamReport;
import io.portproxy.tunnel.telemetry.StreamTotals;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The streams of a tunnel. It opens streams for users, accepts or refuses streams that the peer opens, and says whether
 * the tunnel can take another one. On the tunnel's loop, unless a method says otherwise.
 */
public final class TunnelStreams {
    private static final Logger log = LoggerFactory.getLogger(TunnelStreams.class);

    /** The most log lines in ten seconds about streams that failed to open, and about streams that were dropped. */
    private static final int FAILURES_LOGGED = 10;

    /** The tunnel. */
    interface Owner {
        /** Reports the number of live streams. */
        void counted(int live);

        void lose(Reason reason, String detail);
    }

    /** Opens the socket of a target. */
    @FunctionalInterface
    private interface Opening<S> {
        S open() throws IOException;
    }

    private final StreamContext context;
    private final Session session;
    private final boolean extended;
    private final TunnelState.Reader life;
    private final TunnelWriter writer;
    private final ControlWriter control;
    private final TunnelTotals totals;
    private final RemoteEvents events;
    private final Owner owner;
    private final LogLimit refusals;
    private final LogLimit failures;
    private volatile int load;

    TunnelStreams(
            StreamContext context,
            boolean extended,
            TunnelState.Reader life,
            TunnelWriter writer,
            ControlWriter control,
            TunnelTotals totals,
            RemoteEvents events,
            Owner owner) {
        this.context = context;
        this.session = context.session();
        this.extended = extended;
        this.life = life;
        this.writer = writer;
        this.control = control;
        this.totals = totals;
        this.events = events;
        this.owner = owner;
        this.refusals = new LogLimit(context.loop()::nanoTime, FAILURES_LOGGED);
        this.failures = new LogLimit(context.loop()::nanoTime, FAILURES_LOGGED);
    }

    /** Returns the loop of all its streams. */
    public EventLoop loop() {
        return context.loop();
    }

    /** Returns the number of streams that are not closed. Any thread. */
    public int load() {
        return load;
    }

    /** Returns whether the tunnel is up, is not being drained, and has fewer streams than its limit. Any thread. */
    public boolean isAvailable() {
        return takesStreams() && load < session.limits().maxStreams();
    }

    /** Returns whether the tunnel takes no more new streams. Any thread. */
    boolean isLeaving() {
        return !takesStreams();
    }

    /** Returns whether the tunnel can take another stream: it is up, is not being drained, and is within its limits. */
    public boolean takesMore() {
        return takesStreams() && session.hasRoom() && writer.size() < ControlWriter.MAX_QUEUED;
    }

    private boolean takesStreams() {
        return life.state().takesStreams();
    }

    /** Updates the number of streams after one has begun or ended. */
    void count() {
        load = session.live();
        owner.counted(load);
    }

    /**
     * Opens a stream for a user's connection. Requires {@link #takesMore}. For the proxy server's side.
     *
     * @param portTotals the counters of the exposed port on this tunnel's loop
     * @param acceptedAt when the user connected, on the clock of the loops
     * @param terms the limits of the user's stream
     */
    void open(
            Open open, Transport user, StreamInput input, StreamTotals portTotals, long acceptedAt, StreamTerms terms) {
        StreamReport report = report(open, portTotals, portTotals.target(open), acceptedAt);
        StreamSocket socket = StreamSocket.ofUser(context, user, input, report, terms);
        begin(open, socket, socket::start);
    }

    /** Opens a stream for a user's datagrams. Requires {@link #takesMore}. For the proxy server's side. */
    DatagramFlow openDatagrams(
            Open open, DatagramFlow.Outlet user, StreamTotals portTotals, DatagramTotals datagrams, long acceptedAt) {
        StreamReport report =
                report(open, portTotals, portTotals.target(open), acceptedAt).counting(datagrams);
        DatagramFlow flow = DatagramFlow.ofUser(context, writer, user, report);
        begin(open, flow, flow::start);
        return flow;
    }

    /** Adds a stream of this side, tells the peer, and starts this end of it. */
    private void begin(Open open, StreamEnd end, Consumer<Stream> start) {
        Stream stream;
        try {
            stream = add(open, end);
        } catch (ProtocolException e) {
            throw new IllegalStateException("an identity was given twice", e);
        }
        try {
            count();
            if (extended) {
                control.sendOpen(open);
            } else {
                control.sendInitialConnection(open);
            }
            if (stream.isLive()) { // otherwise the Open could not be written, and the tunnel has ended
                start.accept(stream);
            }
        } catch (Throwable e) {
            session.end(stream, Reason.GOING_AWAY); // the caller, which has accepted the user, does not know the stream
            throw e;
        }
    }

    private Stream add(Open open, StreamEnd end) throws ProtocolException {
        return open.isDatagrams() ? session.addDatagrams(open.identity(), end) : session.add(open.identity(), end);
    }

    /**
     * Accepts a stream that the peer has opened, and dials its target. Refuses the stream if the tunnel can take no
     * more, or if there is no socket for it. For the remote's side.
     *
     * @param name the target's host and port, for logs
     * @param remoteTotals the counters of the remote on this tunnel's loop
     * @throws ProtocolException if the identity is in use
     */
    public void accept(Open open, String name, Connector target, StreamTotals remoteTotals) throws ProtocolException {
        Connector.Attempt attempt = socketOf(open, name, () -> target.open(loop()));
        if (attempt != null) {
            accept(
                    open,
                    () -> StreamSocket.ofTarget(context, report(open, remoteTotals, name, loop().turnNanos())),
                    (socket, stream) -> socket.connect(stream, attempt),
                    attempt::cancel);
        }
    }

    /**
     * Accepts a stream of datagrams that the peer opens, or refuses it. For the remote's side.
     *
     * @param name the target's host and port, as the peer named them
     * @throws ProtocolException if the identity is in use
     */
    public void acceptDatagrams(
            Open open, String name, DatagramConnector target, StreamTotals remoteTotals, DatagramTotals datagrams)
            throws ProtocolException {
        DatagramConnector.Socket socket = socketOf(open, name, target::open);
        if (socket != null) {
            accept(
                    open,
                    () -> DatagramFlow.ofTarget(
                            context,
                            writer,
                            socket,
                            report(open, remoteTotals, name, loop().turnNanos()).counting(datagrams)),
                    (flow, stream) -> {
                        flow.start(stream);
                        socket.start(flow);
                    },
                    () -> socket.closed(Reason.GOING_AWAY));
        }
    }

    /** Opens the socket of a target. Returns null if there is none: then the stream was refused. */
    private <S> @Nullable S socketOf(Open open, String name, Opening<S> opening) {
        if (!takesMore()) {
            refuse(open, name, takesStreams() ? Reason.LIMIT : Reason.GOING_AWAY, "no more streams are taken");
            return null;
        }
        try {
            return opening.open();
        } catch (IOException e) {
            Reason reason = Sockets.isOutOfDescriptors(e) ? Reason.LIMIT : Reason.TARGET_UNREACHABLE;
            refuse(open, name, reason, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /**
     * Adds a stream of the peer, and starts this end of it.
     *
     * @param making makes this end
     * @param discard closes the target's socket, if the stream could not be added
     */
    private <E extends StreamEnd> void accept(
            Open open, Supplier<E> making, BiConsumer<E, Stream> start, Runnable discard) throws ProtocolException {
        E end;
        Stream stream;
        try {
            end = making.get();
            stream = add(open, end);
        } catch (Throwable e) {
            discard.run();
            throw e;
        }
        try {
            count();
            start.accept(end, stream);
        } catch (Throwable e) {
            context.loop().failed(end, e);
            session.end(stream, Reason.GOING_AWAY);
        }
    }

    private StreamReport report(Open open, StreamTotals where, String target, long begunAt) {
        return new StreamReport(context.loop(), events, failures, where, open.userAddress(), target, begunAt);
    }

    /** Returns the streams that are not closed. */
    List<Stream> all() {
        return session.streams();
    }

    /** Returns the stream with that identity. */
    Optional<Stream> find(long identity) {
        return session.stream(identity);
    }

    /** Resets a stream at both of its ends. Returns whether there was such a stream. */
    boolean close(long identity, Reason reason) {
        return session.reset(identity, reason);
    }

    /** Asks all streams to check their limits, which may have changed. */
    void termsChanged() {
        all().forEach(stream -> ((StreamEnd) stream.endpoint()).termsChanged());
    }

    /**
     * Returns the identities of the streams for which the condition holds. It gets the stream's totals and its user.
     */
    ArrayDeque<Long> find(BiPredicate<StreamTotals, Optional<String>> which) {
        ArrayDeque<Long> identities = new ArrayDeque<>();
        for (Stream stream : all()) {
            StreamReport report = report(stream);
            if (which.test(report.totals(), report.user())) {
                identities.add(stream.identity());
            }
        }
        return identities;
    }

    /** Returns the current state of a stream. */
    StreamView view(Stream stream) {
        return report(stream).view(stream, extended, ((StreamEnd) stream.endpoint()).status());
    }

    private static StreamReport report(Stream stream) {
        return (StreamReport) ((StreamEnd) stream.endpoint()).observer();
    }

    /**
     * Refuses a stream that the peer opens, and sends the reason to the peer.
     *
     * @param target the target's host and port, as the peer named them
     */
    public void refuse(Open open, String target, Reason reason, String why) {
        context.loop().guarded(() -> tellRefused(open, target, reason, why));
        if (writer.size() > 2 * ControlWriter.MAX_QUEUED) {
            owner.lose(Reason.LIMIT, "the peer opens streams without reading the answers");
        } else if (extended) {
            control.sendReset(open.identity(), reason);
        } else {
            control.sendCloseConnection(open.identity());
        }
    }

    private void tellRefused(Open open, String target, Reason reason, String why) {
        totals.addRefused(reason);
        String identity = Identity.format(open.identity());
        events.streamRefused(open.identity(), open.userAddress(), target, reason, why);
        events.logFields()
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
    }
}
