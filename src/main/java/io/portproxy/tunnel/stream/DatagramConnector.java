package io.portproxy.tunnel.stream;

import java.io.IOException;

/** Opens the socket of a target that takes datagrams. On the tunnel's loop. */
@FunctionalInterface
public interface DatagramConnector {

    /**
     * Opens a socket, but does not contact the target yet.
     *
     * @throws IOException if no socket can be opened
     */
    Socket open() throws IOException;

    /** A target's socket. */
    interface Socket extends DatagramFlow.Outlet {
        /**
         * Starts to connect to the target. The target's datagrams go to the flow. Calls {@link DatagramFlow#connected}
         * or {@link DatagramFlow#failed}.
         */
        void start(DatagramFlow flow);
    }
}
