package io.portproxy.metrics;

import io.portproxy.server.ProxyServer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while remotes and users can connect to the proxy server. Whether remotes have done so is not its matter. */
public final class ListenersHealth implements HealthIndicator {
    private final ProxyServer server;

    /** @param server may not be started yet */
    public ListenersHealth(ProxyServer server) {
        this.server = server;
    }

    @Override
    public Health health() {
        return server.isListening()
                ? Health.up().build()
                : Health.outOfService().build();
    }
}
