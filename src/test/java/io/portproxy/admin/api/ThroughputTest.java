package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.api.Throughput.Totals;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThroughputTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final Throughput throughput =
            new Throughput(new Operations(Optional.empty(), Optional.empty(), Optional.empty()));

    private void add(double seconds, Totals all, Map<String, Totals> ports) {
        long nanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        throughput.add(START.plusNanos(nanos), nanos, all, ports);
    }

    @Test
    void dividesWhatCameSinceTheSampleBeforeByTheTimeThatItReallyTook() {
        add(0, new Totals(1, 1000, 0), Map.of("a:1", new Totals(1, 1000, 0)));
        add(4, new Totals(2, 9000, 400), Map.of("a:1", new Totals(0, 3000, 200), "b:2", new Totals(2, 6000, 200)));

        ThroughputJson json = throughput.after(START);
        assertThat(json.at()).containsExactly(START.plusSeconds(4));
        assertThat(json.all().live()).containsExactly(2L);
        assertThat(json.all().bytesIn()).containsExactly(2000L);
        assertThat(json.all().bytesOut()).containsExactly(100L);
        assertThat(json.ports().get("a:1").bytesIn()).containsExactly(500L);
        assertThat(json.ports().get("b:2").bytesIn()).containsExactly(1500L);
    }

    @Test
    void keepsFiveMinutesAndGivesWhatIsNew() {
        for (int i = 0; i <= Throughput.MOST_SAMPLES + 10; i++) {
            add(2.0 * i, new Totals(0, i, i), Map.of());
        }
        Instant last = START.plusSeconds(2 * (Throughput.MOST_SAMPLES + 10));

        assertThat(throughput.after(Instant.MIN).at())
                .hasSize(Throughput.MOST_SAMPLES)
                .endsWith(last);
        assertThat(throughput.after(last.minusSeconds(2)).at()).containsExactly(last);
        assertThat(throughput.after(last).at()).isEmpty();
    }

    @Test
    void measuresNothingWithoutARole() {
        throughput.sample();
        throughput.sample();

        assertThat(throughput.after(Instant.MIN).all().bytesIn()).containsExactly(0L);
    }
}
