package io.portproxy.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The result of one measurement: its values by {@link Metric}, and the amount of work, to which the CPU time is related. */
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

    /** Adds the median, and the 99th and 99.9th percentile. */
    Outcome with(Latencies latencies) {
        return with(Metric.P50, latencies.micros(50))
                .with(Metric.P99, latencies.micros(99))
                .with(Metric.P999, latencies.micros(99.9));
    }

    /** Sets the number of bytes that were carried. */
    Outcome carried(double count) {
        bytes = count;
        return this;
    }

    /** Sets the number of requests that were answered. */
    Outcome answered(double count) {
        requests = count;
        return this;
    }

    /** Adds the CPU time of the contender's processes in relation to the work. */
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
