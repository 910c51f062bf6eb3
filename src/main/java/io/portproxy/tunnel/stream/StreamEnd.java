package io.portproxy.tunnel.stream;

import io.portproxy.mux.Endpoint;

/** This side's end of a stream, for reports and limits. On the tunnel's loop. */
public interface StreamEnd extends Endpoint {

    /** Returns the state of its socket. */
    StreamStatus status();

    /** Is called when its limits may have changed. */
    default void termsChanged() {}

    /** Returns the observer of the stream. */
    StreamObserver observer();
}
