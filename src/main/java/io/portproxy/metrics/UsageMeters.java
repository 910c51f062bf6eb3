package io.portproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.portproxy.usage.Usage;

/** The meters of the storage of usage. */
public final class UsageMeters implements MeterBinder {
    private final Usage usage;

    public UsageMeters(Usage usage) {
        this.usage = usage;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, usage, Tags.empty());
        meters.gauge(
                "portproxy.usage.waiting",
                "Rows of usage that wait to be kept",
                () -> usage.view().waiting());
        meters.counter(
                "portproxy.usage.lost",
                "Rows of usage that were dropped, as too many waited",
                () -> usage.view().lost());
        meters.counter(
                "portproxy.usage.failures",
                "Attempts to keep usage that have failed",
                () -> usage.view().failures());
        meters.gauge(
                "portproxy.usage.ports",
                "Ports and hosts whose usage is counted by itself in this month",
                () -> usage.view().ports());
    }
}
