package io.portproxy.tunnel;

import io.portproxy.mux.ClassicSession;
import io.portproxy.mux.ExtendedSession;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.mux.Session;
import io.portproxy.mux.SessionLimits;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Features;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.connection.ControlWriter;
import io.portproxy.tunnel.connection.GoingAway;
import io.portproxy.tunnel.connection.HeldCloses;
import io.portproxy.tunnel.connection.TunnelConnection;
import io.portproxy.tunnel.connection.TunnelConnection.Ending;
import io.portproxy.tunnel.connection.TunnelLife;
import io.portproxy.tunnel.connection.TunnelState;
import io.portproxy.tunnel.connection.TunnelTerms;
import io.portproxy.tunnel.connection.TunnelWriter;
import io.portproxy.tunnel.stream.DatagramFlow;
import io.portproxy.tunnel.stream.StreamContext;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.stream.StreamTerms;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.StreamTotals;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One tunnel after its greeting, in either role. It joins its connection, its session and its streams. A tunnel can end
 * in these ways:
 *
 * <table>
 *   <caption>Ways to end</caption>
 *   <tr><th>how</th><th>streams</th><th>sent to the peer</th><th>how the connection ends</th></tr>
 *   <tr><td>{@link #drain}</td><td>may end</td><td>GoAway</td><td>with a FIN, after all instructions have left</td></tr>
 *   <tr><td>{@link #drain}, grace exceeded</td><td>are reset</td><td>GoAway, at the start</td><td>with a RST</td></tr>
 *   <tr><td>{@link #dismiss}</td><td>are reset</td><td>GoAway</td><td>with a FIN</td></tr>
 *   <tr><td>{@link #lose}, {@link #abort}</td><td>are reset</td><td>nothing</td><td>as the operating system closes it</td></tr>
 * </table>
 *
 * <p>{@link TunnelState} shows the states until then. Everything runs on the tunnel's loop. Other threads must use
 * {@link EventLoop#execute}.
 */
public final class Tunnel implements ServerTunnel {
    private final EventLoop loop;
    private final TunnelLife life = new TunnelLife();
    private final TunnelConnection connection;
    private final Instant since = Instant.now();
    private final TunnelTerms terms;
    private final TunnelOwner owner;
    private final Session session;
    private final InstructionDecoder decoder;
    private final Outgoing outgoing;
    private final TunnelStreams streams;
    private final GoingAway goingAway;
    private final HeldCloses heldCloses;
    private final TunnelPause pause;
    private final TunnelHandle handle;

    /**
     * @param loop the loop that will own the tunnel
     * @param transport the tunnel's connection after its greeting
     * @param peerAddress the peer's address, for people to read; behind a proxy, the address that the proxy reported
     * @param memory the memory limit that all tunnels of the process share
     */
    public Tunnel(
            EventLoop loop,
            Transport transport,
            String peerAddress,
            TunnelSettings settings,
            TunnelTerms terms,
            MemoryCeiling memory,
            TunnelOwner owner) {
        this.loop = loop;
        this.terms = terms;
        this.owner = owner;
        boolean isExtended = terms.dialect() == Dialect.EXTENDED;
        Parts parts = new Parts();
        this.connection = new TunnelConnection(
                loop,
                transport,
                peerAddress,
                terms,
                settings.heartbeatInterval(),
                settings.idleTimeout(),
                settings.lingerTimeout(),
                settings.datagramQueue(),
                life,
                parts);
        this.outgoing = new Outgoing(connection.writer());
        this.heldCloses = new HeldCloses(loop, outgoing::sendCloseConnectionNow);
        this.goingAway = new GoingAway(loop, life, isExtended, outgoing, parts);
        SessionLimits limits = settings.limits().withInitialWindow(terms.initialWindow());
        if (isExtended) {
            ExtendedSession extended =
                    new ExtendedSession(limits, terms.initialWindow(), outgoing, memory, loop::awakeNanos);
            session = extended;
            decoder = InstructionDecoder.extended(
                    new ExtendedInstructions(extended, terms, parts, outgoing, connection.liveness(), goingAway),
                    terms.has(Features.DATAGRAMS));
        } else {
            session = new ClassicSession(limits, outgoing, memory, loop::awakeNanos);
            decoder = InstructionDecoder.classic(new ClassicInstructions(session, parts));
        }
        this.pause = new TunnelPause(loop, session, owner.totals(), parts);
        StreamContext context = new StreamContext(loop, session, connection.writer(), settings.lingerTimeout(), parts);
        this.streams = new TunnelStreams(
                context, isExtended, life, connection.writer(), outgoing, owner.totals(), owner.events(), parts);
        this.handle = new TunnelHandle(
                streams,
                this::view,
                () -> dismiss(Reason.CLOSED_BY_ADMINISTRATOR, "an administrator has disconnected the remote"));
        loop.guarded(owner.totals()::addOpened);
    }

    /**
     * Starts to read.
     *
     * @param first bytes that arrived after the greeting; the tunnel decodes them before all others
     */
    public void start(ByteBuffer first) {
        try {
            connection.start(decoder, first);
        } catch (IOException e) {
            lose(Reason.TUNNEL_LOST, String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            loop.failed(this, e);
            abort();
        }
    }

    @Override
    public TunnelHandle handle() {
        return handle;
    }

    /** Returns the current state of the tunnel. Any thread. */
    private TunnelView view() {
        long roundTrip = connection.liveness().roundTripNanos();
        return new TunnelView(
                connection.peerAddress(),
                terms.dialect() == Dialect.EXTENDED ? "extended" : "classic",
                connection.security(),
                since,
                streams.load(),
                roundTrip < 0 ? Optional.empty() : Optional.of(roundTrip),
                streams.isAvailable(),
                connection.leaving(),
                session.waiting(),
                terms.has(Features.FIRST_BYTES),
                terms.has(Features.DATAGRAMS));
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean speaksExtended() {
        return terms.dialect() == Dialect.EXTENDED;
    }

    @Override
    public boolean takesFirstBytes() {
        return terms.has(Features.FIRST_BYTES);
    }

    @Override
    public boolean isAvailable() {
        return streams.isAvailable();
    }

    @Override
    public boolean isLeaving() {
        return streams.isLeaving();
    }

    @Override
    public int load() {
        return streams.load();
    }

    @Override
    public boolean takesMore() {
        return streams.takesMore();
    }

    @Override
    public void open(
            Open open, Transport user, StreamInput input, StreamTotals totals, long acceptedAt, StreamTerms terms) {
        streams.open(open, user, input, totals, acceptedAt, terms);
    }

    @Override
    public boolean carriesDatagrams() {
        return terms.has(Features.DATAGRAMS);
    }

    @Override
    public DatagramFlow openDatagrams(
            Open open, DatagramFlow.Outlet user, StreamTotals totals, DatagramTotals datagrams, long acceptedAt) {
        return streams.openDatagrams(open, user, totals, datagrams, acceptedAt);
    }

    /** Sends the last part of this side's greeting before everything else. At most 4 KiB. */
    public void sendGreeting(byte[] greeting) {
        outgoing.sendGreeting(greeting);
    }

    @Override
    public void send(ExposeInstruction instruction) {
        if (!isEnded() && terms.has(Features.EXPOSE)) {
            outgoing.sendExpose(instruction);
        }
    }

    @Override
    public void drain(Duration grace) {
        goingAway.drain(grace);
    }

    @Override
    public void dismiss(Reason reason, String detail) {
        if (!isEnded()
                && terms.dialect() == Dialect.EXTENDED
                && !connection.writer().isBlocked()) {
            outgoing.sendGoAway(reason, 0);
            connection.writer().flush();
        }
        end(reason, detail, Ending.CLEAN);
    }

    /** Ends the tunnel at once: resets its streams and tells its owner. */
    public void lose(Reason reason, String detail) {
        end(reason, detail, Ending.CLOSED);
    }

    private void end(Reason reason, String detail, Ending ending) {
        if (!life.end()) {
            return;
        }
        loop.guarded(pause::end);
        loop.guarded(goingAway::stop);
        loop.guarded(heldCloses::stop);
        cutStreams(reason);
        connection.close(ending);
        loop.guarded(() -> owner.totals().addClosed(connection.peerAddress(), reason, detail));
        loop.guarded(() -> owner.closed(this, reason, detail));
    }

    /**
     * Resets all streams. If a stream throws an exception, this method goes on with the next one. After each pass at
     * least one stream less remains.
     */
    private void cutStreams(Reason reason) {
        for (int passes = session.live(); passes >= 0; passes--) {
            try {
                session.cut(reason);
                return;
            } catch (Throwable e) {
                loop.failed(this, e);
            }
        }
    }

    private boolean isEnded() {
        return life.state().isEnded();
    }

    /** Ends the tunnel because its loop has ended, or because of a bug. */
    private void abort() {
        lose(Reason.GOING_AWAY, "its event loop has ended, or there was an internal error (a bug)");
    }

    @Override
    public String toString() {
        return connection.toString();
    }

    /** The output of the session. */
    private final class Outgoing extends ControlWriter {
        Outgoing(TunnelWriter writer) {
            super(writer);
        }

        @Override
        public void sendCloseConnection(long identity) {
            if (terms.isServer() && !isEnded()) {
                heldCloses.hold(identity);
            } else {
                super.sendCloseConnection(identity);
            }
        }

        void sendCloseConnectionNow(long identity) {
            super.sendCloseConnection(identity);
        }

        @Override
        public long roundTripNanos() {
            return connection.liveness().roundTripNanos();
        }

        @Override
        protected void failed(Throwable cause) {
            loop.failed(Tunnel.this, cause);
            abort();
        }

        @Override
        public void reading(boolean allowed) {
            if (isEnded()) {
                return;
            }
            if (allowed) {
                pause.end();
                connection.resumeReading();
            } else {
                pause.begin();
                connection.pauseReading();
            }
        }
    }

    /** The view of the tunnel that its parts have, and the calls that they make to it. */
    private final class Parts
            implements TunnelConnection.Owner,
                    GoingAway.Owner,
                    TunnelPause.Owner,
                    TunnelStreams.Owner,
                    StreamContext.Owner,
                    PeerRequests {
        @Override
        public void endTurnSoon() {
            connection.endTurnSoon();
        }

        @Override
        public void open(Open open) throws ProtocolException {
            owner.open(streams, open);
        }

        @Override
        public void expose(ExposeInstruction instruction) throws ProtocolException {
            owner.expose(instruction);
        }

        @Override
        public void closed(long identity) {
            heldCloses.drop(identity);
            if (life.state().isDraining()) {
                connection.endTurnSoon(); // that may have been the last one
            }
        }

        @Override
        public void counted(int live) {
            heldCloses.shrinkTo(session.limits().maxStreams() - live);
        }

        @Override
        public void streamEnded() {
            streams.count();
            TunnelState state = life.state();
            if (state.isDraining()) {
                connection.endTurnSoon();
            } else if (state.isEnded() && streams.load() == 0) {
                loop.guarded(() -> owner.streamsOver(Tunnel.this));
            }
        }

        @Override
        public int live() {
            return session.live() - session.datagramStreams(); // the users of datagram streams find another tunnel
        }

        @Override
        public boolean hasToldAll() {
            return heldCloses.isEmpty() && connection.writer().size() == 0;
        }

        @Override
        public void cut(Reason reason, String detail) {
            end(reason, detail, Ending.RESET);
        }

        @Override
        public LogFields logFields() {
            return owner.events().logFields();
        }

        @Override
        public void abort() {
            Tunnel.this.abort();
        }

        @Override
        public void peerEnded() {
            Reason reason = goingAway.peersReason();
            if (reason == Reason.GOING_AWAY) {
                session.keepComplete(); // the peer closes for this reason only after all its streams are over
            }
            lose(reason, "the peer closed the tunnel");
        }

        @Override
        public void turnEnded() {
            if (goingAway.isDrained()) {
                end(Reason.GOING_AWAY, "all its streams have ended", Ending.CLEAN);
            }
        }

        @Override
        public void lost(Reason reason, String detail) {
            Tunnel.this.lose(reason, detail);
        }

        @Override
        public void lose(Reason reason, String detail) {
            Tunnel.this.lose(reason, detail);
        }

        @Override
        public String toString() {
            return Tunnel.this.toString();
        }
    }
}
