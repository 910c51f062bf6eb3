package io.portproxy.mux;

import io.portproxy.protocol.Identity;

/** One stream of a {@link Session}. Its fields are the session's. */
public final class Stream {
    final Endpoint endpoint;
    private final long identity;
    StreamState state = StreamState.OPEN;
    long waiting;
    long overSince;
    long progressAt; // when its socket last took bytes that had waited
    // The extended dialect's flow control; offsets are bytes since the stream began.
    long sent;
    long sendLimit;
    long received;
    long receiveLimit;
    long delivered;
    long window;
    long windowToldAt; // nanoseconds
    boolean sendBlocked;
    boolean datagrams; // it carries datagrams, and no bytes
    boolean outputEnded; // all of the peer's bytes and a FIN are written to our socket

    Stream(long identity, Endpoint endpoint) {
        this.identity = identity;
        this.endpoint = endpoint;
    }

    /** The socket at our end. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Whether it carries datagrams, and no bytes. */
    public boolean carriesDatagrams() {
        return datagrams;
    }

    /** Whether it is not closed. */
    public boolean isLive() {
        return state != StreamState.CLOSED;
    }

    /** Whether our socket has sent its last byte, as far as the peer was told. */
    public boolean localEnded() {
        return !state.localOpen();
    }

    /** Whether the peer has sent its last byte. */
    public boolean peerEnded() {
        return !state.peerOpen();
    }

    /** Bytes of our socket that the peer would still take; without a meaning in the classic dialect. */
    public long sendWindow() {
        return sendLimit - sent;
    }

    /** Bytes that the peer may have under way, at most; without a meaning in the classic dialect. */
    public long receiveWindow() {
        return window;
    }

    /** When our socket last took bytes that had waited, on the session's clock; has a meaning while some wait. */
    public long progressAt() {
        return progressAt;
    }

    /** The stream's 48-bit name. */
    public long identity() {
        return identity;
    }

    @Override
    public String toString() {
        return Identity.format(identity);
    }
}
