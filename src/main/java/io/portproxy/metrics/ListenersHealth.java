package io.portproxy.metrics;

import io.portproxy.server.ProxyServer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of the proxy server's listeners. It is up while remotes and users can connect, whether or not a remote has connected. */
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
