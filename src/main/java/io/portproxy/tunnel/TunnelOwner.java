package io.portproxy.tunnel;

import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelTotals;

/** The role that a tunnel belongs to, server or client. All methods run on the tunnel's loop. */
public interface TunnelOwner {

    /**
     * The peer opens a stream.
     *
     * @param streams accepts the stream or refuses it
     * @param open the instruction; in the classic dialect it has only an identity and a port
     * @throws ProtocolException this peer may not open streams
     */
    void open(TunnelStreams streams, Open open) throws ProtocolException;

    /**
     * The remote asks for a port, or the proxy server answers.
     *
     * @throws ProtocolException it asks for too much
     */
    void expose(ExposeInstruction instruction) throws ProtocolException;

    /** Where its tunnels are counted. */
    TunnelTotals totals();

    /** The events of the remote that the tunnel belongs to; any thread. */
    RemoteEvents events();

    /** The last stream that outlived the tunnel to deliver its last bytes is over; may also be called before {@link #closed}. */
    void streamsOver(Carrier tunnel);

    /**
     * The tunnel has ended; all its streams that were not complete have been reset already. Called once.
     *
     * @param detail what happened, for a log line
     */
    void closed(Carrier tunnel, Reason reason, String detail);
}
