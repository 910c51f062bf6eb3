package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Two extended sessions and thousands of random histories between them. What comes is what was sent; a clean end means
 * that all of it came, anything else is a reset; windows and limits hold at every step; nothing is forgotten or stuck.
 */
class ExtendedSessionSimulationTest {
    private static final int SEEDS = 3000;

    @Test
    void keepsItsPromisesWhateverHappens() {
        Map<String, Long> reached = new HashMap<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            ExtendedSimulation simulation = new ExtendedSimulation(seed);
            try {
                simulation.run();
            } catch (AssertionError | RuntimeException | ProtocolException e) {
                throw new AssertionError("seed " + seed, e);
            }
            count(simulation, reached);
        }
        // Proof that the histories reach what they are to check.
        assertThat(reached.get("complete")).isGreaterThan(5L * SEEDS);
        assertThat(reached.get("bytes")).isGreaterThan(2000L * SEEDS);
        assertThat(reached.get("blocks")).isGreaterThan(10L * SEEDS);
        assertThat(reached.get("windows")).isGreaterThan(20L * SEEDS);
        assertThat(reached.get("pauses")).isGreaterThan(SEEDS / 10);
        assertThat(reached.get("cuts")).isGreaterThan(SEEDS / 2);
        for (String reset : List.of("user reset", "target reset", "target refused", "limit", "denied", "tunnel lost")) {
            assertThat(reached.get(reset)).as(reset).isGreaterThan(SEEDS / 5);
        }
        assertThat(reached.get("stalled")).isGreaterThan(SEEDS / 50);
    }

    private static void count(ExtendedSimulation simulation, Map<String, Long> reached) {
        for (ExtendedSimulatedSide side : List.of(simulation.server, simulation.client)) {
            reached.merge("pauses", side.pauses, Long::sum);
            reached.merge("blocks", side.blocks, Long::sum);
            reached.merge("windows", side.windows, Long::sum);
            reached.merge("cuts", side.isCut() ? 1L : 0L, Long::sum);
        }
        for (ExtendedSimulatedConnection connection : simulation.connections) {
            connection.causes.forEach(cause -> reached.merge(cause.text(), 1L, Long::sum));
            reached.merge(connection.user.outcome(), 1L, Long::sum);
            reached.merge("bytes", connection.user.received(), Long::sum);
            if (connection.target != null) {
                reached.merge(connection.target.outcome(), 1L, Long::sum);
                reached.merge("bytes", connection.target.received(), Long::sum);
            }
        }
    }
}
