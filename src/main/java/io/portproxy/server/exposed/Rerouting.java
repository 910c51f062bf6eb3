package io.portproxy.server.exposed;

import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * What becomes of the further requests of a user's connection.
 *
 * @param match which of them go where the first one went
 * @param elsewhere gets the connection, by the loop that has it and what has been read of it, when one does not; on that loop
 * @param headTimeout how long the head of one that has begun may take
 */
record Rerouting(RouteMatch match, BiConsumer<EventLoop, ByteBuffer> elsewhere, Duration headTimeout) {
    /** At a port of its own that says nothing else. Nobody waits for anything but the target there, so it is long. */
    private static final Duration PORT_HEAD_TIMEOUT = Duration.ofSeconds(60);

    /** All of them go to one target: the user has chosen it by the port. */
    static final Rerouting NONE = new Rerouting(
            RouteMatch.ALL,
            (loop, unread) -> {
                throw new IllegalStateException("there is nowhere else");
            },
            PORT_HEAD_TIMEOUT);
}
