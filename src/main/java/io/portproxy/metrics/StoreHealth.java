package io.portproxy.metrics;

import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.StoreState;
import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of the store. It is up while remotes can be changed, and if there is no store. Remotes stay exposed while it is down. */
public final class StoreHealth implements HealthIndicator {
    private final RemoteStore store;

    public StoreHealth(RemoteStore store) {
        this.store = store;
    }

    @Override
    public Health health() {
        StoreState state = store.state();
        Health.Builder health = state.trouble().isPresent() ? Health.down() : Health.up();
        health.withDetail("kind", state.kind().name().toLowerCase(Locale.ROOT));
        if (state.kind() != StoreState.Kind.NONE) {
            health.withDetail("where", state.where());
        }
        state.trouble().ifPresent(trouble -> health.withDetail("trouble", trouble));
        return health.build();
    }
}
