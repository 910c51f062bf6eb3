package io.portproxy.tunnel.stream;

import java.io.IOException;

/** Brings up the socket of a target that takes datagrams. On the tunnel's loop. */
@FunctionalInterface
public interface DatagramConnector {

    /**
     * Takes a socket, and reaches for nothing yet.
     *
     * @throws IOException there is none to be had
     */
    Socket open() throws IOException;

    /** A target's socket. */
    interface Socket extends DatagramFlow.Outlet {
        /** Begins to reach for the target, whose datagrams go to the flow; tells it when it is there, or is not to be had. */
        void start(DatagramFlow flow);
    }
}
