package io.portproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portproxy.store.JdbcRemoteStore;
import io.portproxy.store.StoreSettings;
import io.portproxy.testing.MemoryStore;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Tests that health and metrics show whether remotes can be changed. */
class StoreHealthTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void isDownWhileTheStoreIsAway() {
        MemoryStore store = new MemoryStore();
        StoreHealth health = new StoreHealth(store);
        new StoreMeters(store).bindTo(registry);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(registry.get("portproxy.store.up").gauge().value()).isOne();

        store.setAway(true);

        Health down = health.health();
        assertThat(down.getStatus()).isEqualTo(Status.DOWN);
        assertThat(down.getDetails())
                .containsEntry("kind", "database")
                .containsEntry("where", "memory")
                .containsEntry("trouble", "the database is away");
        assertThat(registry.get("portproxy.store.up").gauge().value()).isZero();

        store.setAway(false);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(registry.get("portproxy.store.up").gauge().value()).isOne();
    }

    @Test
    void isUpAndHasNoMetricWithoutAStore(@TempDir Path folder) {
        var none = JdbcRemoteStore.start(new StoreSettings(StoreSettings.Mode.NONE, folder, false, Optional.empty()));
        new StoreMeters(none).bindTo(registry);

        Health health = new StoreHealth(none).health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsOnlyKeys("kind").containsEntry("kind", "none");
        assertThat(registry.find("portproxy.store.up").gauge()).isNull();
    }
}
