package io.portproxy.metrics;

import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.util.List;
import java.util.stream.Stream;

/** Samples of all tunnels of a remote together. */
final class TunnelMeters {
    private TunnelMeters() {}

    static void add(Samples samples, Stream<TunnelHandle> handles, TunnelCounts counts) {
        add(samples, handles.map(TunnelHandle::view).toList(), counts);
    }

    static void add(Samples samples, List<TunnelView> tunnels, TunnelCounts counts) {
        samples.gauge("portproxy_tunnels", "Tunnels that are up", tunnels.size());
        tunnels.stream()
                .flatMap(tunnel -> tunnel.roundTripNanos().stream())
                .min(Long::compare)
                .ifPresent(nanos -> samples.timeGauge(
                        "portproxy_tunnel_round_trip_seconds",
                        "The shortest round trip last measured of the tunnels that are up",
                        nanos));
        addQueue(
                samples.with("queue", "tunnel"),
                tunnels.stream().mapToLong(TunnelView::leaving).sum());
        addQueue(
                samples.with("queue", "sockets"),
                tunnels.stream().mapToLong(TunnelView::arrived).sum());
        samples.counter("portproxy_tunnel_connects", "How often a tunnel came up", counts.opened());
        counts.closed()
                .forEach((reason, count) -> samples.with("reason", reason)
                        .counter("portproxy_tunnel_closed", "Tunnels that ended, by reason", count));
        counts.pauses()
                .forEach((limit, count) -> samples.with("limit", limit)
                        .sum(
                                "portproxy_tunnel_pauses_seconds",
                                "How often a tunnel was not read because too much waited for sockets, and for how long",
                                count,
                                counts.pausedNanos().getOrDefault(limit, 0L)));
    }

    private static void addQueue(Samples samples, long bytes) {
        samples.gauge(
                "portproxy_tunnel_queued_bytes",
                "Bytes that wait for the tunnel's connection, and for the sockets of its streams",
                bytes);
    }
}
