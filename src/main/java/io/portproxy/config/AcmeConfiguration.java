package io.portproxy.config;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.manage.DesiredState;
import io.portproxy.metrics.AcmeHealth;
import io.portproxy.metrics.AcmeMeters;
import io.portproxy.metrics.Series;
import io.portproxy.server.ProxyServer;
import io.portproxy.tunnel.telemetry.EventSink;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans that order and renew certificates by ACME. They exist only if the operator has accepted the terms of the authority.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("portproxy.acme.terms-accepted")
class AcmeConfiguration {

    // AcmeLifecycle closes it.
    @Bean(destroyMethod = "")
    AcmeCertificates acmeCertificates(
            ProcessSettings configuration,
            PortProxyProperties properties,
            SslBundleRegistry bundles,
            List<EventSink> events,
            AcmeDoor door) {
        AcmeNews news = new AcmeNews(properties.acme(), bundles, EventSink.all(events));
        AcmeCertificates certificates =
                new AcmeCertificates(configuration.acme().orElseThrow(), news);
        news.of(certificates);
        door.open(certificates);
        return certificates;
    }

    @Bean
    AcmeLifecycle acmeLifecycle(
            AcmeCertificates certificates,
            Optional<ProxyServer> server,
            Optional<DesiredState> desired,
            PortProxyProperties properties) {
        return new AcmeLifecycle(
                certificates, server, () -> desired.map(DesiredState::gateways).orElse(List.of()), properties.server());
    }

    /** Makes {@link AcmeCertificates} read the host names again after each event that can change them. */
    @Bean
    EventSink acmeHosts(AcmeDoor door) {
        return event -> {
            switch (event.type()) {
                case REMOTE_ADDED,
                        REMOTE_CHANGED,
                        REMOTE_REMOVED,
                        GATEWAY_ADDED,
                        GATEWAY_CHANGED,
                        GATEWAY_REMOVED,
                        PORT_EXPOSED,
                        PORT_CLOSED -> door.certificates().ifPresent(AcmeCertificates::changed);
                default -> {
                    // The other events change no host name.
                }
            }
        };
    }

    @Bean
    AcmeMeters acmeMeters(Series series, AcmeCertificates certificates) {
        return new AcmeMeters(series, certificates);
    }

    /** The name of the bean is also the name of the health indicator. */
    @Bean
    AcmeHealth acme(AcmeCertificates certificates) {
        return new AcmeHealth(certificates);
    }
}
