package io.portproxy.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.portproxy.tunnel.TunnelView;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Meters of a remote's tunnels together. */
final class TunnelMeters {
    private TunnelMeters() {}

    static void register(MeterRegistry registry, Tags tags, Supplier<List<TunnelView>> tunnels) {
        Gauge.builder("portproxy.tunnels", () -> tunnels.get().size())
                .description("Tunnels that are up")
                .tags(tags)
                .register(registry);
        TimeGauge.builder("portproxy.tunnel.round.trip", () -> shortest(tunnels.get()), TimeUnit.NANOSECONDS)
                .description("The shortest round trip last measured of the tunnels that are up")
                .tags(tags)
                .register(registry);
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
