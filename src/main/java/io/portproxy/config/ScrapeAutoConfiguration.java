package io.portproxy.config;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.portproxy.metrics.ScrapeConverter;
import io.portproxy.metrics.ScrapeOperation;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.annotation.Bean;

/**
 * The beans that answer scrapes. This configuration comes after the one that creates the endpoint, so that it can find out
 * whether there is one.
 */
@AutoConfiguration(after = PrometheusMetricsExportAutoConfiguration.class)
@ConditionalOnBean(PrometheusScrapeEndpoint.class)
class ScrapeAutoConfiguration {

    @Bean
    ScrapeOperation scrapeOperation(PrometheusRegistry registry, PrometheusConfig config) {
        return new ScrapeOperation(registry, config);
    }

    @Bean
    ScrapeConverter scrapeConverter() {
        return new ScrapeConverter();
    }
}
