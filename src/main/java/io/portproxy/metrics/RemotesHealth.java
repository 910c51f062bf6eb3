package io.portproxy.metrics;

import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteView;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Which remotes are up. Always up itself: remotes come and go, and the server is well without them. */
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
                .filter(remote -> remote.template().isEmpty()) // those of templates go when they are away
                .forEach(remote ->
                        health.withDetail(remote.name(), remote.tunnels().isEmpty() ? "away" : "up"));
        return health.build();
    }
}
