package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Registers meters that read what is counted elsewhere.
 *
 * @param registry where they go
 * @param owner what the counters live as long as: Micrometer holds it weakly, while it holds a gauge's supplier
 * @param tags what all of them have
 */
record Meters(MeterRegistry registry, Object owner, Tags tags) {

    /** The same with one more tag. */
    Meters with(String key, String value) {
        return new Meters(registry, owner, tags.and(key, value));
    }

    /** Something that only grows. */
    void counter(String name, String description, LongSupplier value) {
        FunctionCounter.builder(name, owner, any -> value.getAsLong())
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Something that comes and goes. */
    void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** A time of now, in nanoseconds. */
    void timeGauge(String name, String description, DoubleSupplier nanos) {
        TimeGauge.builder(name, nanos::getAsDouble, TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
