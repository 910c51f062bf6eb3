package io.portproxy.bench;

import java.util.Arrays;

/** All measured durations in nanoseconds, and their percentiles. */
final class Latencies {
    private long[] nanos = new long[1 << 16];
    private int size;

    /** Adds a duration. */
    void add(long duration) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = duration;
    }

    /** Adds all durations of another object. */
    void addAll(Latencies others) {
        for (int i = 0; i < others.size; i++) {
            add(others.nanos[i]);
        }
    }

    int count() {
        return size;
    }

    /** Returns the percentile in microseconds: the shortest duration that {@code percent} of all durations do not exceed. */
    double micros(double percent) {
        if (size == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * size) - 1;
        return sorted[Math.max(0, Math.min(size - 1, rank))] / 1000.0;
    }
}
