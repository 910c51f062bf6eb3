package io.portproxy.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.portproxy.client.ProxyClient;
import io.portproxy.metrics.BufferMeters;
import io.portproxy.metrics.ClientMeters;
import io.portproxy.metrics.ListenersHealth;
import io.portproxy.metrics.RemotesHealth;
import io.portproxy.metrics.ServerMeters;
import io.portproxy.metrics.UplinkHealth;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.server.ProxyServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Meters and health of the roles that are active. A health indicator's name is its bean's. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {

    @Bean
    BufferMeters bufferMeters(MemoryCeiling memory) {
        return new BufferMeters(memory::used, memory.limit());
    }

    @Bean
    @Profile(Roles.SERVER)
    ServerMeters serverMeters(MeterRegistry registry, ProxyServer server) {
        return new ServerMeters(registry, server);
    }

    @Bean
    @Profile(Roles.CLIENT)
    ClientMeters clientMeters(MeterRegistry registry, ProxyClient client) {
        return new ClientMeters(registry, client);
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
