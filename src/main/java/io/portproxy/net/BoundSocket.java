package io.portproxy.net;

import java.net.SocketAddress;
import java.util.Optional;

/** A bound address at which users connect. Any thread. */
public interface BoundSocket {

    /** Returns the address, with its real port. */
    SocketAddress address();

    /** Returns the loop that owns it. */
    EventLoop loop();

    /** Returns whether it has not been closed. */
    boolean isOpen();

    /** Returns why users cannot connect: {@code closed}, or an error of the last ten seconds; empty if they can. */
    Optional<String> trouble();

    /** Begins to accept users. */
    void start();

    /** Accepts no more users. */
    void close();
}
