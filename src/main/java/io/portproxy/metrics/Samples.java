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
 * The samples of one scrape. Names are Prometheus's, with the unit, a counter's without {@code _total}. On the thread of the scrape.
 */
final class Samples {
    private static final double[] BOUNDS_SECONDS = Stream.concat(
                    TimeHistogram.BOUNDS.stream().map(Samples::seconds), Stream.of(Double.POSITIVE_INFINITY))
            .mapToDouble(Double::doubleValue)
            .toArray();

    private final Families families;
    private final Labels labels;

    /** What samples have in common that differ in their labels alone. */
    private record Families(
            Map<String, CounterSnapshot.Builder> counters,
            Map<String, GaugeSnapshot.Builder> gauges,
            Map<String, SummarySnapshot.Builder> sums,
            Map<String, HistogramSnapshot.Builder> histograms) {}

    /** None, and no label. */
    Samples() {
        this(new Families(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>()), Labels.EMPTY);
    }

    private Samples(Families families, Labels labels) {
        this.families = families;
        this.labels = labels;
    }

    /** The same samples; those that are added here have one more label. */
    Samples with(String label, String value) {
        return new Samples(families, labels.add(label, value));
    }

    /** Something that only grows. */
    void counter(String name, String help, long value) {
        families.counters
                .computeIfAbsent(
                        name, any -> CounterSnapshot.builder().name(name).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value((double) value)
                        .build());
    }

    /** Something that comes and goes. */
    void gauge(String name, String help, long value) {
        gauge(name, help, (double) value);
    }

    /** A time of now, in nanoseconds. */
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

    /** How often something has happened, and how long that took in nanoseconds. */
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

    /** How long things took, by size. */
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

    /** The same, unless nothing has been counted. */
    void histogramOnceCounted(String name, String help, Times times) {
        if (times.count() > 0) {
            histogram(name, help, times);
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    /** All that were added. */
    MetricSnapshots snapshots() {
        return new MetricSnapshots(Stream.of(families.counters, families.gauges, families.sums, families.histograms)
                .flatMap(byName -> byName.values().stream())
                .map(MetricSnapshot.Builder::build)
                .toArray(MetricSnapshot[]::new));
    }
}
