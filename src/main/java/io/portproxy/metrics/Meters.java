package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.portproxy.net.TimeHistogram.Times;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Registers meters that read what is counted elsewhere.
 *
 * @param registry where they go
 * @param histograms where the histograms go
 * @param owner what the counters live as long as: Micrometer holds it weakly, while it holds a gauge's supplier
 * @param tags what all of them have
 */
record Meters(MeterRegistry registry, Histograms histograms, Object owner, Tags tags) {

    /** The same with one more tag. */
    Meters with(String key, String value) {
        return new Meters(registry, histograms, owner, tags.and(key, value));
    }

    /** Something that only grows. */
    void counter(String name, String description, LongSupplier value) {
        FunctionCounter.builder(name, owner, any -> value.getAsLong())
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** The same in a base unit. */
    void counter(String name, String description, String unit, LongSupplier value) {
        FunctionCounter.builder(name, owner, any -> value.getAsLong())
                .description(description)
                .baseUnit(unit)
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

    /** The same in a base unit. */
    void gauge(String name, String description, String unit, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .baseUnit(unit)
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

    /** How often something has happened, and how long that took in nanoseconds. */
    void times(String name, String description, LongSupplier count, LongSupplier nanos) {
        FunctionTimer.builder(
                        name, owner, any -> count.getAsLong(), any -> (double) nanos.getAsLong(), TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** How long things took, by size. The name is Micrometer's, as everywhere here. */
    void histogram(String name, String description, Supplier<Times> times) {
        List<String> labels = tags.stream()
                .flatMap(tag -> Stream.of(tag.getKey(), tag.getValue()))
                .toList();
        histograms.add(name.replace('.', '_') + "_seconds", description, labels, times);
    }
}
