package io.portproxy.server;

import io.portproxy.tunnel.TunnelControl;

/**
 * A request of a remote for a port or host.
 *
 * @param tunnel the tunnel in which the remote made the request
 * @param control the same tunnel, to send the answer
 * @param number the number of the request
 */
record Asker(RemoteTunnel tunnel, TunnelControl control, int number) {
    boolean isSame(Asker other) {
        return tunnel == other.tunnel && number == other.number;
    }
}
