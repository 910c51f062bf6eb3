package io.portproxy.tunnel;

import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;

/** What a peer's instructions ask of the tunnel rather than of its session. On the tunnel's loop. */
interface PeerRequests {
    /**
     * Open a stream.
     *
     * @throws ProtocolException that is not the peer's to do
     */
    void open(Open open) throws ProtocolException;

    /**
     * It is about ports that the remote asks for.
     *
     * @throws ProtocolException it asks for too much
     */
    void expose(ExposeInstruction instruction) throws ProtocolException;

    /** The peer has closed a stream in the classic dialect, and its end of it is over already. */
    void closed(long identity);
}
