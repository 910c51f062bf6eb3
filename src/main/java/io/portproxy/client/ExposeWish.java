package io.portproxy.client;

import java.util.Optional;

/**
 * A target that a remote asks its proxy server to expose.
 *
 * @param host the target's host; empty for 127.0.0.1
 * @param targetPort the target's port, 1 to 65535
 * @param port the only acceptable port of the server, 1 to 65535; 0 for any port
 * @param http whether the target is a web application, which gets a host name instead of a port
 */
public record ExposeWish(Optional<String> host, int targetPort, int port, boolean http) {
    /** A wish for a port. */
    public ExposeWish(Optional<String> host, int targetPort, int port) {
        this(host, targetPort, port, false);
    }
}
