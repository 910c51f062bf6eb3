package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.util.EnumSet;
import java.util.Set;

/** A user, a target and the stream between them. */
final class ExtendedSimulatedConnection {
    final long identity;
    /** Why it may end with a reset; empty: it has to end well. */
    final Set<Reason> causes = EnumSet.noneOf(Reason.class);

    ExtendedSimulatedSocket user;
    /** Null until the peer has heard of it, and for ever when it has no room. */
    ExtendedSimulatedSocket target;

    ExtendedSimulatedConnection(long identity) {
        this.identity = identity;
    }

    ExtendedSimulatedSocket otherEnd(ExtendedSimulatedSocket socket) {
        return socket == user ? target : user;
    }
}
