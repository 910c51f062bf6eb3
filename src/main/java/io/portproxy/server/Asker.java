package io.portproxy.server;

import io.portproxy.tunnel.Carrier;

/**
 * A request of a remote for a port or host.
 *
 * @param tunnel the tunnel in which the remote made the request
 * @param carrier the same tunnel, to send the answer
 * @param number the number of the request
 */
record Asker(RemoteTunnel tunnel, Carrier carrier, int number) {
    boolean isSame(Asker other) {
        return tunnel == other.tunnel && number == other.number;
    }
}
