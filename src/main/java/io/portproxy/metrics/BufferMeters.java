package io.portproxy.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.LongSupplier;

/** The memory of bytes that wait for sockets, and its ceiling. */
public final class BufferMeters implements MeterBinder {
    private final LongSupplier used;
    private final long limit;

    /**
     * @param used bytes that wait now; safe for any thread
     * @param limit how many may
     */
    public BufferMeters(LongSupplier used, long limit) {
        this.used = used;
        this.limit = limit;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("portproxy.buffer.memory.used", used::getAsLong)
                .description("Bytes that wait for sockets")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("portproxy.buffer.memory.max", () -> limit)
                .description("Bytes that may wait for sockets before tunnels are not read (portproxy.buffer-memory)")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }
}
