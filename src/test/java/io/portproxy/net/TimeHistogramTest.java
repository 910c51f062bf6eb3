package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.TimeHistogram.Times;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeHistogramTest {
    private final TimeHistogram histogram = new TimeHistogram();

    @Test
    void countsEachBoundAsTheSizeThatItEnds() {
        for (long bound : TimeHistogram.BOUNDS) {
            histogram.record(bound);
        }

        List<Long> counts = histogram.times().counts();
        assertThat(counts).hasSize(TimeHistogram.BOUNDS.size() + 1);
        assertThat(counts.subList(0, TimeHistogram.BOUNDS.size())).containsOnly(1L);
        assertThat(counts.get(TimeHistogram.BOUNDS.size())).isZero();
    }

    @Test
    void countsWhatIsLongerThanAllBoundsLast() {
        long last = TimeHistogram.BOUNDS.get(TimeHistogram.BOUNDS.size() - 1);
        histogram.record(last + 1);

        Times times = histogram.times();
        assertThat(times.counts().get(TimeHistogram.BOUNDS.size())).isEqualTo(1);
        assertThat(times.count()).isEqualTo(1);
        assertThat(times.sumNanos()).isEqualTo(last + 1);
    }

    @Test
    void boundsAreSecondsThatPeopleExpect() {
        assertThat(TimeHistogram.BOUNDS).isSorted().doesNotHaveDuplicates();
        assertThat(TimeHistogram.BOUNDS).startsWith(100_000L).contains(1_000_000L, 1_000_000_000L);
    }

    @Test
    void addsUp() {
        histogram.record(1);
        histogram.record(2_000_000);
        Times other = new TimeHistogram().times();

        assertThat(Times.sum(List.of(histogram.times(), other, histogram.times())))
                .satisfies(sum -> assertThat(sum.count()).isEqualTo(4))
                .satisfies(sum -> assertThat(sum.sumNanos()).isEqualTo(4_000_002))
                .satisfies(sum -> assertThat(sum.counts()).startsWith(2L, 0L));
        assertThat(Times.sum(List.of())).isEqualTo(other);
    }
}
