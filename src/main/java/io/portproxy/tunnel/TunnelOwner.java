package io.portproxy.tunnel;

import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelTotals;

/** The role that a tunnel belongs to: server or client. All methods run on the tunnel's loop. */
public interface TunnelOwner {

    /**
     * Is called when the peer opens a stream.
     *
     * @param streams accepts the stream or refuses it
     * @param open the instruction; in the classic dialect it has only an identity and a port
     * @throws ProtocolException if this peer may not open streams
     */
    void open(TunnelStreams streams, Open open) throws ProtocolException;

    /**
     * Is called when the remote asks for a port, or when the proxy server answers.
     *
     * @throws ProtocolException if the remote asks for too much
     */
    void expose(ExposeInstruction instruction) throws ProtocolException;

    /** Returns the counters of the owner's tunnels. */
    TunnelTotals totals();

    /** Returns the events of the remote that the tunnel belongs to. Any thread. */
    RemoteEvents events();

    /**
     * Is called when the last stream of an ended tunnel is over. Such streams outlive the tunnel to deliver their last
     * bytes. The call may also come before {@link #closed}.
     */
    void streamsOver(TunnelControl tunnel);

    /**
     * Is called once, when the tunnel has ended. All its streams that were not complete have already been reset.
     *
     * @param detail what happened, for a log line
     */
    void closed(TunnelControl tunnel, Reason reason, String detail);
}
