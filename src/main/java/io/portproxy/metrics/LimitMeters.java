package io.portproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.portproxy.server.Limits;
import java.util.function.Supplier;

/** The meters of the remotes and ports, and of the limits for their numbers. */
public final class LimitMeters implements MeterBinder {
    private final Supplier<Limits> used;
    private final Limits limits;

    public LimitMeters(Supplier<Limits> used, Limits limits) {
        this.used = used;
        this.limits = limits;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, this, Tags.empty());
        meters.gauge(
                "portproxy.remotes", "Remotes that there are", () -> used.get().remotes());
        meters.gauge("portproxy.remotes.max", "Remotes that there may be", limits::remotes);
        meters.gauge(
                "portproxy.ports",
                "Ports and hosts that there are",
                () -> used.get().ports());
        meters.gauge("portproxy.ports.max", "Ports and hosts that there may be", limits::ports);
    }
}
