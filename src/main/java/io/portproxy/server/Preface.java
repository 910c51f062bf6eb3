package io.portproxy.server;

import io.portproxy.net.EventLoop;
import java.util.function.Consumer;

/**
 * What is read of a user's connection before it becomes a stream, because it says who the user is or what is asked for. On
 * the loop that accepted it.
 */
@FunctionalInterface
interface Preface {
    /** Nothing: the connection becomes a stream at once. */
    Preface NONE = (loop, user, next) -> next.accept(user);

    /**
     * Reads it. Either calls {@code next}, once, at once or later, or resets the connection. The socket is registered with no
     * selector before, and must not be when {@code next} is called.
     */
    void read(EventLoop loop, UserConnection user, Consumer<UserConnection> next);
}
