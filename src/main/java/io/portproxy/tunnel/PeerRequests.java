package io.portproxy.tunnel;

import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;

/** Handles those instructions of the peer that concern the tunnel, not its session. On the tunnel's loop. */
interface PeerRequests {
    /**
     * Opens a stream.
     *
     * @throws ProtocolException if the peer may not open streams
     */
    void open(Open open) throws ProtocolException;

    /**
     * Handles an instruction about ports that the remote asks for.
     *
     * @throws ProtocolException if the peer asks for too much
     */
    void expose(ExposeInstruction instruction) throws ProtocolException;

    /** Is called when the peer has closed a stream in the classic dialect. The peer's end of it is then over. */
    void closed(long identity);
}
