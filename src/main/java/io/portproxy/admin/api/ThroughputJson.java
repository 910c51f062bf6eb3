package io.portproxy.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The throughput of the last five minutes. All lists have the same length, oldest first.
 *
 * @param intervalMillis milliseconds between two samples
 * @param at when each sample was taken
 * @param all the samples of all connections: at the server, or at the client if the process is no server
 * @param ports the samples of the first 256 exposed ports, by their address; empty at the client
 */
@Schema(name = "Throughput")
record ThroughputJson(long intervalMillis, List<Instant> at, Series all, Map<String, Series> ports) {

    /**
     * Samples of all connections together, or of one port.
     *
     * @param live open connections
     * @param bytesIn bytes per second from users, since the previous sample
     * @param bytesOut bytes per second for users
     */
    record Series(List<Long> live, List<Long> bytesIn, List<Long> bytesOut) {}
}
