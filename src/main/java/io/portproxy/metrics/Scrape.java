package io.portproxy.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * The answer to a scrape.
 *
 * @param snapshots the samples
 * @param writer writes the samples in the requested format
 */
record Scrape(MetricSnapshots snapshots, ExpositionFormatWriter writer) {}
