package io.portproxy.mux;

import io.portproxy.protocol.Identity;

/** One stream of a {@link Session}. Its fields belong to the session. */
public final class Stream {
    final Endpoint endpoint;
    private final long identity;
    StreamState state = StreamState.OPEN;
    long waiting;
    long overSince;
    long progressAt; // when its socket last took bytes that had waited
    // The flow control of the extended dialect. Offsets are bytes since the stream began.
    long sent;
    long sendLimit;
    long received;
    long receiveLimit;
    long delivered;
    long window;
    long windowToldAt; // in nanoseconds
    boolean sendBlocked;
    boolean datagrams; // whether it carries datagrams, and no bytes
    boolean outputEnded; // whether all of the peer's bytes, and a FIN, are written to this side's socket

    Stream(long identity, Endpoint endpoint) {
        this.identity = identity;
        this.endpoint = endpoint;
    }

    /** Returns the socket at this side's end. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Returns whether it carries datagrams, and no bytes. */
    public boolean carriesDatagrams() {
        return datagrams;
    }

    /** Returns whether it is not closed. */
    public boolean isLive() {
        return state != StreamState.CLOSED;
    }

    /** Returns whether this side's socket has sent its last byte, as far as the peer knows. */
    public boolean localEnded() {
        return !state.localOpen();
    }

    /** Returns whether the peer has sent its last byte. */
    public boolean peerEnded() {
        return !state.peerOpen();
    }

    /** Returns how many bytes of this side's socket the peer still accepts; has no meaning in the classic dialect. */
    public long sendWindow() {
        return sendLimit - sent;
    }

    /** Returns the most bytes that the peer may have in flight; has no meaning in the classic dialect. */
    public long receiveWindow() {
        return window;
    }

    /**
     * Returns when this side's socket last took bytes that had waited, on the session's clock; has a meaning only while
     * some wait.
     */
    public long progressAt() {
        return progressAt;
    }

    /** Returns the stream's 48-bit name. */
    public long identity() {
        return identity;
    }

    @Override
    public String toString() {
        return Identity.format(identity);
    }
}
