package io.portproxy.server.exposed;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A range of exposed ports that leads to an equally long range of ports of a target. Each port leads to the one at the
 * same position.
 *
 * @param first the first exposed port, 1 to 65535
 * @param count the number of ports, 2 or more
 */
public record PortRange(int first, int count) {
    public PortRange {
        if (first < 1 || count < 2) {
            throw new IllegalArgumentException(count + " ports from " + first + " on");
        }
    }

    /** Returns the distance of an exposed port from the first one. */
    int offset(SocketAddress exposed) {
        return exposed instanceof InetSocketAddress ip ? ip.getPort() - first : 0;
    }

    /** Returns the range of a target's ports, as it is written. */
    String of(int firstTarget) {
        return firstTarget + "-" + (firstTarget + count - 1);
    }
}
