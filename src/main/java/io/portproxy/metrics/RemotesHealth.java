package io.portproxy.metrics;

import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteView;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of remotes. The details show which remotes are up. It is always up itself, because the server works without remotes. */
public final class RemotesHealth implements HealthIndicator {
    private final ProxyServer server;

    /** @param server may not be started yet */
    public RemotesHealth(ProxyServer server) {
        this.server = server;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        List<RemoteView> remotes = server.isListening() ? server.remotes() : List.of();
        remotes.stream()
                .filter(remote -> remote.template().isEmpty()) // remotes of templates disappear when they are away
                .forEach(remote ->
                        health.withDetail(remote.name(), remote.tunnels().isEmpty() ? "away" : "up"));
        return health.build();
    }
}
