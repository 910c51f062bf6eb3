package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.portproxy.tunnel.StreamCounts;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Meters of what streams have come to. */
final class StreamMeters {
    private StreamMeters() {}

    /**
     * @param owner what the counters live as long as: Micrometer holds it weakly, while it holds a gauge's supplier
     */
    static void register(MeterRegistry registry, Object owner, Tags tags, Supplier<StreamCounts> counts) {
        Gauge.builder("portproxy.streams.live", () -> counts.get().live())
                .description("Streams that are open")
                .tags(tags)
                .register(registry);
        counter(owner, "portproxy.streams.opened", tags, counts, StreamCounts::opened)
                .description("Streams that were opened")
                .register(registry);
        counter(owner, "portproxy.streams.transferred", tags.and("direction", "in"), counts, StreamCounts::bytesIn)
                .description("Bytes from users (in) and for users (out)")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        counter(owner, "portproxy.streams.transferred", tags.and("direction", "out"), counts, StreamCounts::bytesOut)
                .description("Bytes from users (in) and for users (out)")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        for (String reason : StreamCounts.REASONS) {
            counter(
                            owner,
                            "portproxy.streams.closed",
                            tags.and("reason", reason),
                            counts,
                            streams -> streams.closed().getOrDefault(reason, 0L))
                    .description("Streams that ended, by reason")
                    .register(registry);
        }
    }

    private static FunctionCounter.Builder<Object> counter(
            Object owner, String name, Tags tags, Supplier<StreamCounts> counts, ToDoubleFunction<StreamCounts> value) {
        return FunctionCounter.builder(name, owner, any -> value.applyAsDouble(counts.get()))
                .tags(tags);
    }
}
