package io.portproxy.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * How long things took, counted by size. One thread writes, any thread reads, a little late perhaps: to record is two plain
 * stores, without a lock, and allocates nothing.
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

    /** The sizes: each counts what took at most so many nanoseconds, and longer than the one before; a last one, all else. */
    public static final List<Long> BOUNDS = LongStream.of(BOUNDS_NANOS).boxed().toList();

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_NANOS.length + 1);
    private final AtomicLong sum = new AtomicLong();

    /**
     * What was recorded until a moment.
     *
     * @param counts how many there were of each size, one more than {@link #BOUNDS}
     * @param sumNanos how long they took together, in nanoseconds
     */
    public record Times(List<Long> counts, long sumNanos) {
        public Times {
            counts = List.copyOf(counts);
        }

        /** How many there were. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }

        /** All of them together. */
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

    /** Something has taken so many nanoseconds. By one thread. */
    public void record(long nanos) {
        int size = 0;
        while (size < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[size]) {
            size++;
        }
        counts.setOpaque(size, counts.getPlain(size) + 1);
        sum.setOpaque(sum.getPlain() + nanos);
    }

    /** What was recorded so far. Any thread. */
    public Times times() {
        List<Long> sizes = new ArrayList<>(counts.length());
        for (int i = 0; i < counts.length(); i++) {
            sizes.add(counts.getOpaque(i));
        }
        return new Times(sizes, sum.getOpaque());
    }
}
