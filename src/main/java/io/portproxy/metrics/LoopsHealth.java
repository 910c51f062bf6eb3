package io.portproxy.metrics;

import io.portproxy.net.LoopStats;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of the event loops. It goes down when an event loop has ended by itself, and does not come up again. Only a new process helps,
 * so this belongs to liveness.
 */
public final class LoopsHealth implements HealthIndicator {
    private final List<LoopStats> loops;

    /** @param loops the loops of the process */
    public LoopsHealth(List<LoopStats> loops) {
        this.loops = List.copyOf(loops);
    }

    @Override
    public Health health() {
        List<String> ended =
                loops.stream().filter(LoopStats::hasEnded).map(LoopStats::name).toList();
        return ended.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("ended", ended).build();
    }
}
