package io.portproxy.server;

import io.portproxy.tunnel.Carrier;

/**
 * A request that something granted answers.
 *
 * @param tunnel in which it was made
 * @param carrier the tunnel, to answer
 * @param number the request's
 */
record Asker(RemoteTunnel tunnel, Carrier carrier, int number) {
    boolean isSame(Asker other) {
        return tunnel == other.tunnel && number == other.number;
    }
}
