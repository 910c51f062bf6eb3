package io.portproxy.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * What a scrape is answered.
 *
 * @param snapshots the samples
 * @param writer writes them in the format that was asked for
 */
record Scrape(MetricSnapshots snapshots, ExpositionFormatWriter writer) {}
