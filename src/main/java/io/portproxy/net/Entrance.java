package io.portproxy.net;

import java.net.SocketAddress;
import java.util.Optional;

/** An address that is bound, at which users connect. Any thread. */
public interface Entrance {

    /** The address, with the port that it really has. */
    SocketAddress address();

    /** The loop that owns it. */
    EventLoop loop();

    /** Whether it has not been closed. */
    boolean isOpen();

    /** Why users cannot come: {@code closed}, or what went wrong in the last ten seconds. Empty when they can. */
    Optional<String> trouble();

    /** Begins to take users. */
    void start();

    /** Takes no more users. */
    void close();
}
