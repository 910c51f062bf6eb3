package io.portproxy.server;

import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.TunnelControl;
import io.portproxy.tunnel.TunnelOwner;
import io.portproxy.tunnel.TunnelStreams;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The receiver of the events of one tunnel of a remote. On that tunnel's loop. */
final class RemoteTunnelOwner implements TunnelOwner {
    /** The receiver of what the remote asks for in the tunnel, and of the end of the tunnel. On the tunnel's loop. */
    interface Lifecycle {
        /**
         * The remote asks for a port or host.
         *
         * @param answer gets the answer, on any thread
         */
        void ask(Asker asker, Expose wish, Consumer<ExposeInstruction> answer);

        /** The tunnel has ended. Its streams may still have bytes to deliver. */
        void closed(RemoteTunnel tunnel, TunnelControl control, Reason reason, String detail);

        /** The tunnel has ended before, and its last stream has delivered its bytes. */
        void streamsOver(TunnelControl control);
    }

    private final RemoteTunnel tunnel;
    private final TunnelTotals totals;
    private final RemoteEvents events;
    private final Lifecycle lifecycle;
    private @Nullable TunnelControl control; // set before the tunnel starts
    private int unanswered;

    RemoteTunnelOwner(RemoteTunnel tunnel, TunnelTotals totals, RemoteEvents events, Lifecycle lifecycle) {
        this.tunnel = tunnel;
        this.totals = totals;
        this.events = events;
        this.lifecycle = lifecycle;
    }

    /** Sets the tunnel. The caller calls this before the tunnel starts. */
    void owns(TunnelControl made) {
        control = made;
    }

    @Override
    public void open(TunnelStreams streams, Open open) throws ProtocolException {
        throw new ProtocolException("opening a stream, which is the proxy server's to do");
    }

    @Override
    public void expose(ExposeInstruction instruction) throws ProtocolException {
        TunnelControl here = control;
        if (!(instruction instanceof Expose wish) || here == null) {
            throw new IllegalStateException("the tunnel lets only Expose pass");
        }
        if (++unanswered > Wire.MAX_UNANSWERED_EXPOSES) {
            throw new ProtocolException(
                    "more than " + Wire.MAX_UNANSWERED_EXPOSES + " ports asked for without waiting for an answer");
        }
        tunnel.setAsked();
        lifecycle.ask(
                new Asker(tunnel, here, wish.number()),
                wish,
                answer -> here.loop().executeUnlessEnded(() -> {
                    unanswered--;
                    here.send(answer);
                }));
    }

    @Override
    public TunnelTotals totals() {
        return totals;
    }

    @Override
    public RemoteEvents events() {
        return events;
    }

    @Override
    public void streamsOver(TunnelControl ended) {
        lifecycle.streamsOver(ended);
    }

    @Override
    public void closed(TunnelControl ended, Reason reason, String detail) {
        lifecycle.closed(tunnel, ended, reason, detail);
    }
}
