package io.portproxy.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The metrics of remotes, ports and event loops. Each scrape makes them from counters that exist anyway. Nothing is kept between scrapes,
 * because there may be thousands of ports, and most of their possible metrics never have a value. Any thread.
 */
public final class Series implements MultiCollector {
    private final List<Consumer<Samples>> sources = new CopyOnWriteArrayList<>();

    /**
     * Adds a source.
     *
     * @param source adds its samples; called at each scrape, on the thread of the scrape
     */
    void add(Consumer<Samples> source) {
        sources.add(source);
    }

    @Override
    public MetricSnapshots collect() {
        Samples samples = new Samples();
        sources.forEach(source -> source.accept(samples));
        return samples.snapshots();
    }
}
