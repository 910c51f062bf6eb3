package io.portproxy.tunnel;

import io.portproxy.mux.ExtendedSession;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.ExtendedHandler;
import io.portproxy.protocol.Features;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.connection.ControlWriter;
import io.portproxy.tunnel.connection.GoingAway;
import io.portproxy.tunnel.connection.Liveness;
import io.portproxy.tunnel.connection.TunnelTerms;
import java.nio.ByteBuffer;

/** Handles the instructions of an extended peer after the greeting. On the tunnel's loop. */
final class ExtendedInstructions implements ExtendedHandler {
    private final ExtendedSession session;
    private final TunnelTerms terms;
    private final PeerRequests requests;
    private final ControlWriter control;
    private final Liveness liveness;
    private final GoingAway goingAway;

    ExtendedInstructions(
            ExtendedSession session,
            TunnelTerms terms,
            PeerRequests requests,
            ControlWriter control,
            Liveness liveness,
            GoingAway goingAway) {
        this.session = session;
        this.terms = terms;
        this.requests = requests;
        this.control = control;
        this.liveness = liveness;
        this.goingAway = goingAway;
    }

    @Override
    public void heartbeat() {
        // A heartbeat only shows that the peer is alive, and the reader has noted that.
    }

    @Override
    public void dataHead(long identity, long length) {
        // The session checks the window when the data arrives.
    }

    @Override
    public void data(long identity, ByteBuffer data) throws ProtocolException {
        liveness.dataCame(data.remaining());
        session.data(identity, data);
    }

    @Override
    public void closeConnection(long identity) {
        session.closeConnection(identity);
    }

    @Override
    public void open(Open open) throws ProtocolException {
        session.requireUnused(open.identity());
        if (open.isDatagrams() && !terms.has(Features.DATAGRAMS)) {
            throw new ProtocolException("an Open for datagrams in a tunnel without that feature");
        }
        requests.open(open);
    }

    @Override
    public void opened(long identity) throws ProtocolException {
        if (!terms.isServer()) {
            throw new ProtocolException("Opened, which is the remote's to say");
        }
        session.peerOpened(identity); // the stream could be used before: nothing waits for this
    }

    @Override
    public void end(long identity) throws ProtocolException {
        session.peerEnded(identity);
    }

    @Override
    public void reset(long identity, Reason reason) {
        session.peerReset(identity, reason);
    }

    @Override
    public void window(long identity, long delivered, long window) throws ProtocolException {
        session.peerWindow(identity, delivered, window);
    }

    @Override
    public void datagram(long identity, ByteBuffer data) throws ProtocolException {
        liveness.dataCame(data.remaining());
        session.datagram(identity, data);
    }

    @Override
    public void ping(long opaque) {
        control.sendPong(opaque);
    }

    @Override
    public void pong(long opaque) {
        liveness.ponged(opaque);
    }

    @Override
    public void goAway(Reason reason, long deadlineMillis) {
        goingAway.peerGoes(reason, deadlineMillis);
    }

    @Override
    public void expose(ExposeInstruction instruction) throws ProtocolException {
        String name = instruction.getClass().getSimpleName();
        if (!terms.has(Features.EXPOSE)) {
            throw new ProtocolException(name + " in a tunnel without that feature");
        }
        if (instruction instanceof Expose != terms.isServer()) {
            throw new ProtocolException(name + ", which is not the peer's to say");
        }
        requests.expose(instruction);
    }
}
