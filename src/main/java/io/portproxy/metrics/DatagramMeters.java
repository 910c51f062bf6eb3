package io.portproxy.metrics;

import io.portproxy.tunnel.telemetry.DatagramCounts;

/** Samples of datagrams, for a port of the server or for a remote. Any thread. */
final class DatagramMeters {
    private DatagramMeters() {}

    static void add(Samples samples, DatagramCounts counts) {
        samples.with("direction", "in").counter("portproxy_datagrams", "Datagrams that were carried", counts.in());
        samples.with("direction", "out").counter("portproxy_datagrams", "Datagrams that were carried", counts.out());
        counts.dropped()
                .forEach((reason, count) -> samples.with("reason", reason)
                        .counter("portproxy_datagrams_dropped", "Datagrams that were dropped", count));
    }
}
