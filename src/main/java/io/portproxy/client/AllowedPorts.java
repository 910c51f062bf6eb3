package io.portproxy.client;

import io.portproxy.net.Sockets;
import java.util.Locale;
import java.util.Optional;

/**
 * Ports of a host that the server may ask for.
 *
 * @param host the name or numeric address that the server must use; {@code 127.0.0.1} also stands for a target without a host
 * @param first the first port, 1 to 65535
 * @param last the last port, from the first to 65535
 */
public record AllowedPorts(String host, int first, int last) implements AllowedTarget {
    private static final int MAX_PORT = 65535;

    public AllowedPorts {
        host = host.toLowerCase(Locale.ROOT);
        if (first < 1 || last < first || last > MAX_PORT) {
            throw new IllegalArgumentException("ports " + first + "-" + last);
        }
    }

    /** @param port the only port, 1 to 65535; empty for every port of the host */
    public AllowedPorts(String host, Optional<Integer> port) {
        this(host, port.orElse(1), port.orElse(MAX_PORT));
    }

    /** Returns the text of the setting: {@code host:port}, {@code host:first-last}, or {@code host:*}. */
    @Override
    public String text() {
        if (first == last) {
            return Sockets.text(host, first);
        }
        return Sockets.text(host, first == 1 && last == MAX_PORT ? "*" : first + "-" + last);
    }

    @Override
    public boolean allows(String wantedHost, int wantedPort) {
        return first <= wantedPort && wantedPort <= last && host.equals(wantedHost.toLowerCase(Locale.ROOT));
    }
}
