package io.portproxy.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * Durations, counted by size. One thread writes. Any thread may read, but it may see slightly old values. To record a
 * duration takes two plain stores, without a lock or an allocation.
 */
public final class TimeHistogram {
    private static final long[] BOUNDS_NANOS = LongStream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000)
            .map(micros -> micros * 1_000)
            .toArray();

    /**
     * The sizes in nanoseconds. Each counts durations up to this value that are longer than the one before. A last size
     * without a bound counts all others.
     */
    public static final List<Long> BOUNDS = LongStream.of(BOUNDS_NANOS).boxed().toList();

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_NANOS.length + 1);
    private final AtomicLong sum = new AtomicLong();

    /**
     * The values at one moment.
     *
     * @param counts how many durations there were of each size, one more than {@link #BOUNDS}
     * @param sumNanos the sum of all durations, in nanoseconds
     */
    public record Times(List<Long> counts, long sumNanos) {
        public Times {
            counts = List.copyOf(counts);
        }

        /** Returns how many durations there were. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }

        /** Returns the sum of several histograms. */
        public static Times sum(Collection<Times> parts) {
            List<Long> counts = new ArrayList<>();
            for (int i = 0; i <= BOUNDS_NANOS.length; i++) {
                int size = i;
                counts.add(
                        parts.stream().mapToLong(part -> part.counts.get(size)).sum());
            }
            return new Times(counts, parts.stream().mapToLong(Times::sumNanos).sum());
        }
    }

    /** Records a duration. Only one thread may call this. */
    public void record(long nanos) {
        int size = 0;
        while (size < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[size]) {
            size++;
        }
        counts.setOpaque(size, counts.getPlain(size) + 1);
        sum.setOpaque(sum.getPlain() + nanos);
    }

    /** Returns the present values. Any thread. */
    public Times times() {
        List<Long> sizes = new ArrayList<>(counts.length());
        for (int i = 0; i < counts.length(); i++) {
            sizes.add(counts.getOpaque(i));
        }
        return new Times(sizes, sum.getOpaque());
    }
}
