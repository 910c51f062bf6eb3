package io.portproxy.client;

import io.portproxy.net.Sockets;

/**
 * Where a proxy server exposes a target of this remote.
 *
 * @param target the target's {@code host:port}
 * @param host the host that users connect to
 * @param port the port that users connect to
 */
public record ExposedTarget(String target, String host, int port) {
    /** What users connect to, {@code host:port}. */
    public String address() {
        return Sockets.text(host, port);
    }
}
