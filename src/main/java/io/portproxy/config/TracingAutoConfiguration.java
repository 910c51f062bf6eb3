package io.portproxy.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.portproxy.metrics.StreamSpans;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * The spans of streams, in a jar that was built with the profile "tracing". This configuration comes after the one that creates
 * the tracer, so that it can find out whether there is one.
 */
@AutoConfiguration(
        afterName =
                "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration")
@ConditionalOnClass(Tracer.class)
class TracingAutoConfiguration {

    @Bean
    @ConditionalOnBean(Tracer.class)
    StreamSpans streamSpans(Tracer tracer, MeterRegistry registry) {
        return new StreamSpans(tracer, registry);
    }
}
