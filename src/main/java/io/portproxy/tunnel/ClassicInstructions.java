package io.portproxy.tunnel;

import io.portproxy.mux.Session;
import io.portproxy.protocol.InstructionHandler;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import java.nio.ByteBuffer;

/** Handles the instructions of a classic peer after the greeting. On the tunnel's loop. */
final class ClassicInstructions implements InstructionHandler {
    private final Session session;
    private final PeerRequests requests;

    ClassicInstructions(Session session, PeerRequests requests) {
        this.session = session;
        this.requests = requests;
    }

    @Override
    public void initialRemoteServer(String name) throws ProtocolException {
        throw new ProtocolException("InsInitialRemoteServer where none belongs");
    }

    @Override
    public void initialConnection(long identity, int targetPort) throws ProtocolException {
        session.requireUnused(identity);
        requests.open(Open.of(identity, targetPort));
    }

    @Override
    public void heartbeat() {
        // A heartbeat only shows that the peer is alive, and the reader has noted that.
    }

    @Override
    public void dataHead(long identity, long length) {
        // The dialect has no flow control: any length is fine.
    }

    @Override
    public void data(long identity, ByteBuffer data) throws ProtocolException {
        session.data(identity, data);
    }

    @Override
    public void closeConnection(long identity) {
        session.closeConnection(identity);
        requests.closed(identity);
    }
}
