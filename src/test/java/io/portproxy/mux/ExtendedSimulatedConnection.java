package io.portproxy.mux;

import io.portproxy.protocol.Reason;
import java.util.EnumSet;
import java.util.Set;

/** A simulated user, its target and the stream between them. */
final class ExtendedSimulatedConnection {
    final long identity;
    /** The reasons for which it may end with a reset. If there is none, it must end cleanly. */
    final Set<Reason> causes = EnumSet.noneOf(Reason.class);

    ExtendedSimulatedSocket user;
    /** Null until the peer has received the Open. Stays null if the peer has no room for the stream. */
    ExtendedSimulatedSocket target;

    ExtendedSimulatedConnection(long identity) {
        this.identity = identity;
    }

    ExtendedSimulatedSocket otherEnd(ExtendedSimulatedSocket socket) {
        return socket == user ? target : user;
    }
}
