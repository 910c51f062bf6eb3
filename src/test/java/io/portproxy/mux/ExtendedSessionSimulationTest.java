package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests thousands of random histories of two extended sessions. The received bytes are the sent ones. A clean end means that all of them
 * came; every other end is a reset. Windows and limits hold at every step. No stream is lost or stuck.
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
        // These counts prove that the histories reach the cases that they must check.
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
