package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.LongSupplier;

/** The meters of the subscribers to events, and of the events that they miss. */
public final class EventMeters implements MeterBinder {
    private final LongSupplier subscribers;
    private final LongSupplier dropped;
    private final LongSupplier refused;

    /**
     * All parameters must be safe for any thread.
     *
     * @param subscribers returns the number of subscribers
     * @param dropped returns the number of events that subscribers have missed
     * @param refused returns the number of subscribers that were refused
     */
    public EventMeters(LongSupplier subscribers, LongSupplier dropped, LongSupplier refused) {
        this.subscribers = subscribers;
        this.dropped = dropped;
        this.refused = refused;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("portproxy.events.subscribers", subscribers::getAsLong)
                .description("Programs that listen to events")
                .register(registry);
        FunctionCounter.builder("portproxy.events.dropped", this, meters -> meters.dropped.getAsLong())
                .description("Events that subscribers have missed, as they were too slow or came too late")
                .register(registry);
        FunctionCounter.builder("portproxy.events.subscribers.refused", this, meters -> meters.refused.getAsLong())
                .description("Subscribers that were refused (portproxy.admin.events.max-subscribers)")
                .register(registry);
    }
}
