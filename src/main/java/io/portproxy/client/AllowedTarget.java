package io.portproxy.client;

import io.portproxy.net.Sockets;
import java.util.Locale;
import java.util.Optional;

/**
 * A target that a remote opens for its proxy server.
 *
 * @param host as the server must name it, a name or a numeric address; {@code 127.0.0.1} is also what a server asks for
 *     that names no host
 * @param port the only port, 1 to 65535; empty for every port of the host
 */
public record AllowedTarget(String host, Optional<Integer> port) {
    /** The host of a target that is given by its port only. */
    public static final String LOOPBACK = "127.0.0.1";

    public AllowedTarget {
        host = host.toLowerCase(Locale.ROOT);
    }

    /** As it is written: {@code host:port}, or {@code host:*}. */
    public String text() {
        return port.map(only -> Sockets.text(host, only)).orElse(host + ":*");
    }

    boolean allows(String wantedHost, int wantedPort) {
        return host.equals(wantedHost.toLowerCase(Locale.ROOT))
                && port.map(only -> only == wantedPort).orElse(true);
    }
}
