package io.portproxy.mux;

import io.portproxy.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** An extended session with a peer and sockets that only record what happens, and with a clock that does not run by itself. */
final class ExtendedBed {
    static final int INITIAL_WINDOW = 1000;
    static final int MAX_WINDOW = 4000;
    static final long PEER_WINDOW = 500;
    static final long TUNNEL_BUFFER = 3000;
    static final long STALL = 50;
    static final int MAX_STREAMS = 4;

    final ExtendedPeer peer = new ExtendedPeer();
    final MemoryCeiling memory;
    final ExtendedSession session;
    long now = Long.MAX_VALUE - 20; // so that it passes the end of its range

    ExtendedBed() {
        this(new MemoryCeiling(1_000_000));
    }

    ExtendedBed(MemoryCeiling memory) {
        this(memory, TUNNEL_BUFFER);
    }

    ExtendedBed(MemoryCeiling memory, long tunnelBuffer) {
        this.memory = memory;
        SessionLimits limits =
                new SessionLimits(100, tunnelBuffer, Duration.ofNanos(STALL), MAX_STREAMS, INITIAL_WINDOW, MAX_WINDOW);
        session = new ExtendedSession(limits, PEER_WINDOW, peer, memory, () -> now);
    }

    /** Returns a bed whose windows may all grow to the maximum. */
    static ExtendedBed withMuchMemory() {
        return new ExtendedBed(new MemoryCeiling(1_000_000), 1_000_000);
    }

    /** Adds a stream whose socket takes no bytes yet. */
    ExtendedSocket open(long identity) throws ProtocolException {
        ExtendedSocket socket = new ExtendedSocket(session);
        socket.belongsTo(session.add(identity, socket));
        return socket;
    }

    /** Adds a stream whose socket takes all bytes that come. */
    ExtendedSocket openReadable(long identity) throws ProtocolException {
        ExtendedSocket socket = open(identity);
        socket.take(Long.MAX_VALUE);
        return socket;
    }

    /** Receives that many bytes from the peer. */
    void data(long identity, int length) throws ProtocolException {
        session.data(identity, ByteBuffer.allocate(length));
    }

    /** Returns what the session has asked of the tunnel since the last call. */
    List<String> asked() {
        return peer.asked();
    }
}
