package io.portproxy.server.exposed;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Exposed ports that lead to as many ports of a target: each to the one at the same place.
 *
 * @param first the first exposed port, 1 to 65535
 * @param count how many there are, 2 or more
 */
public record PortRange(int first, int count) {
    public PortRange {
        if (first < 1 || count < 2) {
            throw new IllegalArgumentException(count + " ports from " + first + " on");
        }
    }

    /** How many ports behind the first one that is. */
    int offset(SocketAddress exposed) {
        return exposed instanceof InetSocketAddress ip ? ip.getPort() - first : 0;
    }

    /** The ports of a target, as they are written. */
    String of(int firstTarget) {
        return firstTarget + "-" + (firstTarget + count - 1);
    }
}
