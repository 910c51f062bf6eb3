package io.portproxy.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.prometheus.metrics.config.PrometheusPropertiesLoader;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;

/**
 * The endpoint {@code /actuator/prometheus}. It replaces Spring Boot's endpoint, which makes the whole text before it sends the first byte.
 * With thousands of ports, that text has tens of megabytes.
 */
@EndpointWebExtension(endpoint = PrometheusScrapeEndpoint.class)
public final class ScrapeOperation {
    private final PrometheusRegistry registry;
    private final ExpositionFormats formats;

    /**
     * @param registry the metrics to scrape
     * @param config the configuration of the formats
     */
    public ScrapeOperation(PrometheusRegistry registry, PrometheusConfig config) {
        this.registry = registry;
        this.formats = ExpositionFormats.init(
                config.prometheusProperties() == null
                        ? PrometheusPropertiesLoader.load()
                        : PrometheusPropertiesLoader.load(config.prometheusProperties()));
    }

    /**
     * Collects the samples. {@link ScrapeConverter} writes them.
     *
     * @param format the format that the caller accepts
     * @param includedNames the names of the metrics to return, a counter's without {@code _total}; all metrics if it is missing
     */
    @ReadOperation(producesFrom = PrometheusOutputFormat.class)
    public WebEndpointResponse<Scrape> scrape(PrometheusOutputFormat format, @Nullable Set<String> includedNames) {
        MetricSnapshots snapshots =
                includedNames == null ? registry.scrape() : registry.scrape(includedNames::contains);
        return new WebEndpointResponse<>(new Scrape(snapshots, writer(format)), format);
    }

    private ExpositionFormatWriter writer(PrometheusOutputFormat format) {
        return switch (format) {
            case CONTENT_TYPE_004 -> formats.getPrometheusTextFormatWriter();
            case CONTENT_TYPE_OPENMETRICS_100 -> formats.getOpenMetricsTextFormatWriter();
            case CONTENT_TYPE_PROTOBUF -> formats.getPrometheusProtobufWriter();
        };
    }
}
