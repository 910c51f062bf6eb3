package io.portproxy.config;

import io.portproxy.admin.events.EventStreams;
import io.portproxy.client.ProxyClient;
import io.portproxy.config.process.LogQueue;
import io.portproxy.config.properties.Roles;
import io.portproxy.manage.DesiredState;
import io.portproxy.metrics.BufferMeters;
import io.portproxy.metrics.ClientMeters;
import io.portproxy.metrics.EventMeters;
import io.portproxy.metrics.LimitMeters;
import io.portproxy.metrics.ListenersHealth;
import io.portproxy.metrics.LogMeters;
import io.portproxy.metrics.LoopMeters;
import io.portproxy.metrics.LoopsHealth;
import io.portproxy.metrics.RemotesHealth;
import io.portproxy.metrics.Series;
import io.portproxy.metrics.ServerMeters;
import io.portproxy.metrics.UplinkHealth;
import io.portproxy.metrics.WebhookMeters;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.server.ProxyServer;
import io.portproxy.webhook.Webhooks;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The meters and health indicators of the active roles. The name of a bean is also the name of its health indicator. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {

    @Bean
    BufferMeters bufferMeters(MemoryBudget budget, MemoryCeiling ceiling) {
        return new BufferMeters(budget, ceiling::used, ceiling.limit(), ceiling::promised, ceiling.promiseLimit());
    }

    /** Creates the series to which the other beans add their meters. Without Prometheus, nothing reads them. */
    @Bean
    Series series(Optional<PrometheusRegistry> registry) {
        Series series = new Series();
        registry.ifPresent(prometheus -> prometheus.register(series));
        return series;
    }

    @Bean
    LoopMeters loopMeters(Series series, EventLoopGroup loops) {
        return new LoopMeters(series, loops.stats());
    }

    @Bean
    LogMeters logMeters(LogQueue log) {
        return new LogMeters(log::dropped);
    }

    @Bean
    LoopsHealth loops(EventLoopGroup loops) {
        return new LoopsHealth(loops.stats());
    }

    @Bean
    EventMeters eventMeters(EventStreams streams) {
        return new EventMeters(streams::subscribers, streams::dropped, streams::refused);
    }

    @Bean
    WebhookMeters webhookMeters(Series series, Webhooks webhooks) {
        return new WebhookMeters(series, webhooks);
    }

    @Bean
    @Profile(Roles.SERVER)
    ServerMeters serverMeters(Series series, ProxyServer server) {
        return new ServerMeters(series, server);
    }

    @Bean
    @Profile(Roles.SERVER)
    LimitMeters limitMeters(DesiredState desired, ProxyServer server) {
        return new LimitMeters(desired::used, server.limits());
    }

    @Bean
    @Profile(Roles.CLIENT)
    ClientMeters clientMeters(Series series, ProxyClient client) {
        return new ClientMeters(series, client);
    }

    @Bean
    @Profile(Roles.SERVER)
    ListenersHealth listeners(ProxyServer server) {
        return new ListenersHealth(server);
    }

    @Bean
    @Profile(Roles.SERVER)
    RemotesHealth remotes(ProxyServer server) {
        return new RemotesHealth(server);
    }

    @Bean
    @Profile(Roles.CLIENT)
    UplinkHealth uplink(ProxyClient client) {
        return new UplinkHealth(client);
    }
}
