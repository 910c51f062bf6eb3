package io.portproxy.metrics;

import io.micrometer.core.instrument.binder.BaseUnits;
import io.portproxy.tunnel.StreamCounts;
import io.portproxy.tunnel.TunnelCounts;
import io.portproxy.tunnel.TunnelView;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Meters of a remote's tunnels together. */
final class TunnelMeters {
    private TunnelMeters() {}

    static void register(Meters meters, Supplier<List<TunnelView>> tunnels, Supplier<TunnelCounts> counts) {
        meters.gauge(
                "portproxy.tunnels", "Tunnels that are up", () -> tunnels.get().size());
        meters.timeGauge(
                "portproxy.tunnel.round.trip",
                "The shortest round trip last measured of the tunnels that are up",
                () -> shortest(tunnels.get()));
        registerQueue(meters.with("queue", "tunnel"), tunnels, TunnelView::leaving);
        registerQueue(meters.with("queue", "sockets"), tunnels, TunnelView::arrived);
        meters.counter(
                "portproxy.tunnel.connects",
                "How often a tunnel came up",
                () -> counts.get().opened());
        for (String reason : StreamCounts.REASONS) {
            meters.with("reason", reason)
                    .counter(
                            "portproxy.tunnel.closed",
                            "Tunnels that ended, by reason",
                            () -> counts.get().closed().getOrDefault(reason, 0L));
        }
        for (String limit : TunnelCounts.LIMITS) {
            meters.with("limit", limit)
                    .times(
                            "portproxy.tunnel.pauses",
                            "How often a tunnel was not read because too much waited for sockets, and for how long",
                            () -> counts.get().pauses().getOrDefault(limit, 0L),
                            () -> counts.get().pausedNanos().getOrDefault(limit, 0L));
        }
    }

    private static void registerQueue(
            Meters meters, Supplier<List<TunnelView>> tunnels, ToLongFunction<TunnelView> bytes) {
        meters.gauge(
                "portproxy.tunnel.queued",
                "Bytes that wait for the tunnel's connection, and for the sockets of its streams",
                BaseUnits.BYTES,
                () -> tunnels.get().stream().mapToLong(bytes).sum());
    }

    /** NaN while none was measured. */
    private static double shortest(List<TunnelView> tunnels) {
        return tunnels.stream()
                .flatMap(tunnel -> tunnel.roundTripNanos().stream())
                .mapToDouble(Long::doubleValue)
                .min()
                .orElse(Double.NaN);
    }
}
