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

    Stream(long identity, Endpoint endpoint) {
        this.identity = identity;
        this.endpoint = endpoint;
    }

    /** The stream's 48-bit name. */
    public long identity() {
        return identity;
    }

    /** Whether bytes may still be sent to the peer. */
    public boolean isOpen() {
        return state == StreamState.OPEN;
    }

    @Override
    public String toString() {
        return Identity.format(identity);
    }
}
