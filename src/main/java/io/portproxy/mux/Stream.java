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
    boolean outputEnded; // all of the peer's bytes and a FIN are written to our socket

    Stream(long identity, Endpoint endpoint) {
        this.identity = identity;
        this.endpoint = endpoint;
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
