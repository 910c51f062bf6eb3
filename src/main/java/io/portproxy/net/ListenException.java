package io.portproxy.net;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * Reports that an address could not be opened for listening: it is in use, does not belong to this machine, or is not
 * permitted.
 */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final SocketAddress address;

    /**
     * @param address the address to listen on
     * @param cause the error of the operating system
     */
    public ListenException(SocketAddress address, IOException cause) {
        super("cannot listen on " + Sockets.text(address) + ": " + cause.getMessage(), cause);
        this.address = address;
    }

    /** Returns the address to listen on. */
    public SocketAddress address() {
        return address;
    }
}
