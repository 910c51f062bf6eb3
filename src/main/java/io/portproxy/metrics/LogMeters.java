package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.LongSupplier;

/** The meter of the log lines that were dropped. */
public final class LogMeters implements MeterBinder {
    private final LongSupplier dropped;

    /** @param dropped returns the number of lines that were dropped; safe for any thread */
    public LogMeters(LongSupplier dropped) {
        this.dropped = dropped;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("portproxy.log.dropped", this, meters -> meters.dropped.getAsLong())
                .description(
                        "Lines of the log that were dropped, as it was not taken fast enough (portproxy.log-queue)")
                .register(registry);
    }
}
