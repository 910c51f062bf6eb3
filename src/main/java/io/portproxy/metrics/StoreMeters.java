package io.portproxy.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.StoreState;

/** The meter that shows whether remotes can be changed. */
public final class StoreMeters implements MeterBinder {
    private final RemoteStore store;

    public StoreMeters(RemoteStore store) {
        this.store = store;
    }

    /** Registers nothing if there is no store. */
    @Override
    public void bindTo(MeterRegistry registry) {
        if (store.state().kind() != StoreState.Kind.NONE) {
            Gauge.builder("portproxy.store.up", store, StoreMeters::up)
                    .description("Whether the store for remotes can be used: 1, or 0 while changes are refused")
                    .register(registry);
        }
    }

    private static double up(RemoteStore store) {
        return store.state().trouble().isEmpty() ? 1 : 0;
    }
}
