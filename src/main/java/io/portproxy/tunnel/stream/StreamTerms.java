package io.portproxy.tunnel.stream;

import java.util.Optional;

/** The limits of one user's stream. On the tunnel's loop. */
public interface StreamTerms {
    /** No limits. */
    StreamTerms NONE = Optional::empty;

    /** Returns the present limits; empty if there are none. */
    Optional<StreamBounds> bounds();

    /**
     * Is called when the stream is over, or when its connection goes on elsewhere with terms of its own. May be called
     * more than once.
     */
    default void ended() {}
}
