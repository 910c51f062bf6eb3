package io.portproxy.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.LongSupplier;

/** The memory of bytes that wait for sockets, what windows may add to it, and the ceilings of both. */
public final class BufferMeters implements MeterBinder {
    private final LongSupplier used;
    private final long limit;
    private final LongSupplier grown;
    private final long growthLimit;

    /**
     * @param used bytes that wait now; safe for any thread
     * @param limit how many may
     * @param grown bytes by which windows have grown now; safe for any thread
     * @param growthLimit by how many they may
     */
    public BufferMeters(LongSupplier used, long limit, LongSupplier grown, long growthLimit) {
        this.used = used;
        this.limit = limit;
        this.grown = grown;
        this.growthLimit = growthLimit;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "portproxy.buffer.memory.used", "Bytes that wait for sockets", used);
        gauge(
                registry,
                "portproxy.buffer.memory.max",
                "Bytes that may wait for sockets before tunnels are not read (portproxy.buffer-memory)",
                () -> limit);
        gauge(registry, "portproxy.window.growth.used", "Bytes by which the windows of streams have grown", grown);
        gauge(
                registry,
                "portproxy.window.growth.max",
                "Bytes by which they may grow, all of the process together",
                () -> growthLimit);
    }

    private static void gauge(MeterRegistry registry, String name, String description, LongSupplier bytes) {
        Gauge.builder(name, bytes::getAsLong)
                .description(description)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }
}
