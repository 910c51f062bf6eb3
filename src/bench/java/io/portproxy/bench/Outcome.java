package io.portproxy.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one measurement gave: values by {@link Metric}, and the work done, to which its CPU time is related. */
final class Outcome {
    private static final double GIB = 1L << 30;

    private final Map<String, Double> values = new LinkedHashMap<>();
    private double bytes;
    private double requests;

    /** Adds a value. */
    Outcome with(String metric, double value) {
        values.put(metric, value);
        return this;
    }

    /** Adds median, 99th and 99.9th percentile. */
    Outcome with(Latencies latencies) {
        return with(Metric.P50, latencies.micros(50))
                .with(Metric.P99, latencies.micros(99))
                .with(Metric.P999, latencies.micros(99.9));
    }

    /** That many bytes were carried. */
    Outcome carried(double count) {
        bytes = count;
        return this;
    }

    /** That many requests were answered. */
    Outcome answered(double count) {
        requests = count;
        return this;
    }

    /** Relates the CPU time of the contender's processes to the work. */
    void used(double cpuSeconds) {
        if (bytes > 0) {
            with(Metric.CPU_PER_GIB, cpuSeconds / (bytes / GIB));
        }
        if (requests > 0) {
            with(Metric.CPU_PER_REQUEST, cpuSeconds * 1e6 / requests);
        }
    }

    Map<String, Double> values() {
        return Collections.unmodifiableMap(values);
    }
}
