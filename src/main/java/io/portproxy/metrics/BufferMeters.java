package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.portproxy.net.MemoryBudget;
import java.util.function.LongSupplier;

/** The meters of the memory for buffers, of bytes that wait for slow readers, of the growth of windows, and of their limits. */
public final class BufferMeters implements MeterBinder {
    private final MemoryBudget budget;
    private final LongSupplier waiting;
    private final long waitingLimit;
    private final LongSupplier grown;
    private final long growthLimit;

    /**
     * @param budget the memory for buffers
     * @param waiting returns how many bytes of it wait for slow readers now; safe for any thread
     * @param waitingLimit the largest number of bytes that may wait
     * @param grown returns by how many bytes windows have grown now; safe for any thread
     * @param growthLimit the largest number of bytes by which they may grow
     */
    public BufferMeters(
            MemoryBudget budget, LongSupplier waiting, long waitingLimit, LongSupplier grown, long growthLimit) {
        this.budget = budget;
        this.waiting = waiting;
        this.waitingLimit = waitingLimit;
        this.grown = grown;
        this.growthLimit = growthLimit;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "portproxy.buffer.memory.used", "Bytes of buffers in use", budget::used);
        gauge(
                registry,
                "portproxy.buffer.memory.max",
                "Bytes of buffers that may be in use (portproxy.buffer-memory)",
                budget::limit);
        FunctionCounter.builder("portproxy.buffer.memory.refused", budget, MemoryBudget::refused)
                .description("Buffers that could not be allocated, so that a connection waited or was reset")
                .register(registry);
        gauge(registry, "portproxy.buffer.waiting.used", "Bytes that wait for the sockets of slow readers", waiting);
        gauge(
                registry,
                "portproxy.buffer.waiting.max",
                "Bytes that may wait for them before their tunnels are not read: half of portproxy.buffer-memory",
                () -> waitingLimit);
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
