package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private static final long INITIAL = Duration.ofMillis(500).toNanos();
    private static final long MAX = Duration.ofSeconds(15).toNanos();

    private static Backoff backoff(long seed) {
        return new Backoff(Duration.ofNanos(INITIAL), Duration.ofNanos(MAX), new Random(seed));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void eachWaitLiesInTheUpperHalfOfARangeThatDoublesToTheMaximum(long seed) {
        Backoff backoff = backoff(seed);
        long ceiling = INITIAL;
        for (int i = 0; i < 200; i++) {
            assertThat(backoff.nextNanos()).isBetween(ceiling / 2, ceiling);
            ceiling = Math.min(2 * ceiling, MAX);
        }
    }

    @Test
    void theFirstWaitIsTheFirstAgainAfterAReset() {
        Backoff backoff = backoff(6);
        for (int i = 0; i < 10; i++) {
            backoff.nextNanos();
        }
        backoff.reset();
        assertThat(backoff.nextNanos()).isBetween(INITIAL / 2, INITIAL);
        assertThat(backoff.nextNanos()).isBetween(INITIAL, 2 * INITIAL);
    }

    @Test
    void remotesThatLostTheirServerTogetherDoNotComeBackTogether() {
        assertThat(backoff(7).nextNanos()).isNotEqualTo(backoff(8).nextNanos());
    }

    @Test
    void anInitialWaitAboveTheMaximumIsTheMaximum() {
        Backoff backoff = new Backoff(Duration.ofNanos(MAX), Duration.ofNanos(INITIAL), new Random(9));
        for (int i = 0; i < 10; i++) {
            assertThat(backoff.nextNanos()).isBetween(INITIAL / 2, INITIAL);
        }
    }

    @Test
    void theShortestWaitIsPositive() {
        Backoff backoff = new Backoff(Duration.ofNanos(2), Duration.ofNanos(2), new Random(10));
        for (int i = 0; i < 100; i++) {
            assertThat(backoff.nextNanos()).isBetween(1L, 2L);
        }
    }
}
