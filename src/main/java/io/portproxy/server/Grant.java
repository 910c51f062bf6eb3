package io.portproxy.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Which ports a remote may have that it asks for itself.
 *
 * @param bind the address of this host at which they are
 * @param first the lowest port, 1 to 65535
 * @param last the highest port, {@code first} to 65535
 * @param max how many a remote may have at a time, 1 or more
 * @param sticky how long a port is kept for a remote whose tunnel has ended
 * @param maxRemotes of a template: how many remotes there may be of it at a time, 1 or more
 */
public record Grant(InetAddress bind, int first, int last, int max, Duration sticky, int maxRemotes) {
    public Grant {
        if (first < 1 || last < first || last > 0xffff) {
            throw new IllegalArgumentException("ports " + first + " to " + last);
        }
    }

    /** Whether a port is among them. */
    boolean has(int port) {
        return port >= first && port <= last;
    }

    /** Whether an address is among them. */
    boolean has(InetSocketAddress address) {
        return has(address.getPort()) && address.getAddress().equals(bind);
    }

    /** How many ports there are. */
    int size() {
        return last - first + 1;
    }

    /** The ports, as people write them. */
    public String ports() {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }
}
