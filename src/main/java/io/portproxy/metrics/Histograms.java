package io.portproxy.metrics;

import io.portproxy.net.TimeHistogram;
import io.portproxy.net.TimeHistogram.Times;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Histograms that the event loops have counted already. Micrometer takes only single values, each at some cost, so these go to
 * Prometheus's registry beside it, under names of the same form. Any thread.
 */
public final class Histograms implements MultiCollector {
    private static final double[] BOUNDS_SECONDS = Stream.concat(
                    TimeHistogram.BOUNDS.stream().map(nanos -> nanos / 1e9), Stream.of(Double.POSITIVE_INFINITY))
            .mapToDouble(Double::doubleValue)
            .toArray();

    private final Map<String, Family> families = new ConcurrentHashMap<>();

    private record Family(String help, List<Member> members) {}

    private record Member(Labels labels, Supplier<Times> times) {}

    /**
     * Adds one.
     *
     * @param name as Prometheus has it, with its unit
     * @param help what it tells
     * @param labels keys and values, in turns
     * @param times what was counted; asked at each scrape
     */
    void add(String name, String help, List<String> labels, Supplier<Times> times) {
        families.computeIfAbsent(name, any -> new Family(help, new CopyOnWriteArrayList<>()))
                .members()
                .add(new Member(Labels.of(labels.toArray(String[]::new)), times));
    }

    @Override
    public MetricSnapshots collect() {
        List<HistogramSnapshot> all = new ArrayList<>();
        new TreeMap<>(families).forEach((name, family) -> {
            HistogramSnapshot.Builder histogram =
                    HistogramSnapshot.builder().name(name).help(family.help);
            family.members.forEach(member -> histogram.dataPoint(point(member)));
            all.add(histogram.build());
        });
        return new MetricSnapshots(all.toArray(HistogramSnapshot[]::new));
    }

    private static HistogramDataPointSnapshot point(Member member) {
        Times times = member.times.get();
        return HistogramDataPointSnapshot.builder()
                .labels(member.labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(
                        BOUNDS_SECONDS, times.counts().toArray(Number[]::new)))
                .sum(times.sumNanos() / 1e9)
                .build();
    }
}
