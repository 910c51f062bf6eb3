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
 * Registers meters that read counters from elsewhere.
 *
 * @param registry the registry for the meters
 * @param owner an object that lives as long as the counters; Micrometer has only a weak reference to it, but a strong one to the supplier
 *     of a gauge
 * @param tags the tags of all these meters
 */
record Meters(MeterRegistry registry, Object owner, Tags tags) {

    /** Returns a copy with one more tag. */
    Meters with(String key, String value) {
        return new Meters(registry, owner, tags.and(key, value));
    }

    /** Registers a counter, whose value only grows. */
    void counter(String name, String description, LongSupplier value) {
        FunctionCounter.builder(name, owner, any -> value.getAsLong())
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Registers a gauge, whose value grows and shrinks. */
    void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Registers a gauge of a time in nanoseconds. */
    void timeGauge(String name, String description, DoubleSupplier nanos) {
        TimeGauge.builder(name, nanos::getAsDouble, TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
