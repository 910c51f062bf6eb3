package io.portproxy.tunnel.stream;

import io.portproxy.mux.Endpoint;

/** Our end of a stream, for those who watch it. On the tunnel's loop. */
public interface StreamEnd extends Endpoint {

    /** What its socket is about. */
    StreamStatus status();

    /** What bounds it may have changed. */
    default void termsChanged() {}

    /** Who hears what happens to it. */
    StreamObserver observer();
}
