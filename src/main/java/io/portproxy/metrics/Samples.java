package io.portproxy.metrics;

import io.portproxy.net.TimeHistogram;
import io.portproxy.net.TimeHistogram.Times;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The samples of one scrape. Names follow the rules of Prometheus and contain the unit. The name of a counter is given without
 * {@code _total}. On the thread of the scrape.
 */
final class Samples {
    private static final double[] BOUNDS_SECONDS = Stream.concat(
                    TimeHistogram.BOUNDS.stream().map(Samples::seconds), Stream.of(Double.POSITIVE_INFINITY))
            .mapToDouble(Double::doubleValue)
            .toArray();

    private final Families families;
    private final Labels labels;

    /** The metrics by name. Each contains the samples that differ only in their labels. */
    private record Families(
            Map<String, CounterSnapshot.Builder> counters,
            Map<String, GaugeSnapshot.Builder> gauges,
            Map<String, SummarySnapshot.Builder> sums,
            Map<String, HistogramSnapshot.Builder> histograms) {}

    /** No samples and no labels. */
    Samples() {
        this(new Families(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>()), Labels.EMPTY);
    }

    private Samples(Families families, Labels labels) {
        this.families = families;
        this.labels = labels;
    }

    /** Returns an object that adds to the same samples, with one more label on each sample. */
    Samples with(String label, String value) {
        return new Samples(families, labels.add(label, value));
    }

    /** Adds a sample of a counter, whose value only grows. */
    void counter(String name, String help, long value) {
        families.counters
                .computeIfAbsent(
                        name, any -> CounterSnapshot.builder().name(name).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value((double) value)
                        .build());
    }

    /** Adds a sample of a gauge, whose value grows and shrinks. */
    void gauge(String name, String help, long value) {
        gauge(name, help, (double) value);
    }

    /** Adds a sample of a gauge of a time in nanoseconds. */
    void timeGauge(String name, String help, long nanos) {
        gauge(name, help, seconds(nanos));
    }

    private void gauge(String name, String help, double value) {
        families.gauges
                .computeIfAbsent(name, any -> GaugeSnapshot.builder().name(name).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value)
                        .build());
    }

    /** Adds a sample of a summary: how often something has happened, and how long it took in total, in nanoseconds. */
    void sum(String name, String help, long count, long nanos) {
        families.sums
                .computeIfAbsent(
                        name, any -> SummarySnapshot.builder().name(name).help(help))
                .dataPoint(SummaryDataPointSnapshot.builder()
                        .labels(labels)
                        .count(count)
                        .sum(seconds(nanos))
                        .build());
    }

    /** Adds a sample of a histogram of durations. */
    void histogram(String name, String help, Times times) {
        families.histograms
                .computeIfAbsent(
                        name, any -> HistogramSnapshot.builder().name(name).help(help))
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .labels(labels)
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(
                                BOUNDS_SECONDS, times.counts().toArray(Number[]::new)))
                        .sum(seconds(times.sumNanos()))
                        .build());
    }

    /** Adds a sample of a histogram of durations, unless it has counted nothing. */
    void histogramOnceCounted(String name, String help, Times times) {
        if (times.count() > 0) {
            histogram(name, help, times);
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    /** Returns all samples that were added. */
    MetricSnapshots snapshots() {
        return new MetricSnapshots(Stream.of(families.counters, families.gauges, families.sums, families.histograms)
                .flatMap(byName -> byName.values().stream())
                .map(MetricSnapshot.Builder::build)
                .toArray(MetricSnapshot[]::new));
    }
}
