package io.portproxy.server.exposed;

import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/**
 * What becomes of the further requests of a user's connection.
 *
 * @param match which of them go where the first one went
 * @param elsewhere gets the connection, by the loop that has it and what has been read of it, when one does not; on that loop
 */
record Rerouting(RouteMatch match, BiConsumer<EventLoop, ByteBuffer> elsewhere) {
    /** All of them go to one target: the user has chosen it by the port. */
    static final Rerouting NONE = new Rerouting(RouteMatch.ALL, (loop, unread) -> {
        throw new IllegalStateException("there is nowhere else");
    });
}
