package io.portproxy.tunnel.stream;

import java.util.Optional;

/** The limits of one user's stream. On the tunnel's loop. */
public interface StreamTerms {
    /** Nothing bounds it. */
    StreamTerms NONE = Optional::empty;

    /** What bounds it now; empty: nothing does. */
    Optional<StreamBounds> bounds();

    /** The stream is over, or goes on elsewhere on terms of its own. May be told again. */
    default void ended() {}
}
