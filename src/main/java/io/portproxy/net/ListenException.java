package io.portproxy.net;

import java.io.IOException;
import java.net.SocketAddress;

/** An address could not be opened for listening: it is in use, does not belong to this host, or is not permitted. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final SocketAddress address;

    /**
     * @param address what was to be listened on
     * @param cause what the operating system said
     */
    public ListenException(SocketAddress address, IOException cause) {
        super("cannot listen on " + Sockets.text(address) + ": " + cause.getMessage(), cause);
        this.address = address;
    }

    /** What was to be listened on. */
    public SocketAddress address() {
        return address;
    }
}
