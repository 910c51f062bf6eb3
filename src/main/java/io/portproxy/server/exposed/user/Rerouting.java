package io.portproxy.server.exposed.user;

import io.portproxy.http.RouteMatch;
import io.portproxy.net.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * The rule for further requests of a user's connection. Any thread.
 *
 * @param match selects the requests that go where the first one went
 * @param elsewhere takes the connection back when a request does not match; gets the loop that has the connection and
 *     the bytes that were already read; is called on that loop
 * @param headTimeout how long a request's head may take once it has begun
 */
public record Rerouting(RouteMatch match, BiConsumer<EventLoop, ByteBuffer> elsewhere, Duration headTimeout) {
    /** The default at a port of its own. Only the target waits there, so the time is long. */
    private static final Duration PORT_HEAD_TIMEOUT = Duration.ofSeconds(60);

    /** All requests go to one target, which the user has chosen by the port. */
    static final Rerouting NONE = new Rerouting(
            RouteMatch.ALL,
            (loop, unread) -> {
                throw new IllegalStateException("there is nowhere else");
            },
            PORT_HEAD_TIMEOUT);

    /** The rule at a port of its own. */
    public Rerouting(RouteMatch match, BiConsumer<EventLoop, ByteBuffer> elsewhere) {
        this(match, elsewhere, PORT_HEAD_TIMEOUT);
    }
}
