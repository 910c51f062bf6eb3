package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portproxy.server.PortRefusal;
import io.portproxy.server.PortView;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteView;
import io.portproxy.tunnel.TunnelHandle;
import java.util.Arrays;
import java.util.List;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;

/** The meters of the proxy server. Their tags are remotes and ports, of which there are as many as are configured. */
public final class ServerMeters {
    private final MeterRegistry registry;
    private final ProxyServer server;
    private final Recent<List<RemoteView>> remotes;

    /**
     * @param registry where the meters go
     * @param server may not be started yet
     */
    public ServerMeters(MeterRegistry registry, ProxyServer server) {
        this.registry = registry;
        this.server = server;
        this.remotes = new Recent<>(server::remotes);
    }

    /** The ports are bound now, and their addresses known. */
    @EventListener(ContextRefreshedEvent.class)
    public void register() {
        FunctionCounter.builder("portproxy.greetings.refused", server, ProxyServer::greetingsRefused)
                .description("Connections to the tunnel port that were refused")
                .register(registry);
        List<RemoteView> all = server.remotes();
        for (int i = 0; i < all.size(); i++) {
            int remote = i;
            Tags tags = Tags.of("role", "server", "remote", all.get(i).name());
            TunnelMeters.register(
                    registry,
                    tags,
                    () -> remotes.get().get(remote).tunnels().stream()
                            .map(RemoteView.Tunnel::handle)
                            .map(TunnelHandle::view)
                            .toList());
            for (int j = 0; j < all.get(i).ports().size(); j++) {
                int index = j;
                registerPort(
                        tags.and("port", all.get(i).ports().get(j).bind()),
                        new Recent<>(() -> remotes.get().get(remote).ports().get(index)));
            }
        }
    }

    private void registerPort(Tags tags, Recent<PortView> port) {
        StreamMeters.register(registry, server, tags, () -> port.get().streams());
        Gauge.builder("portproxy.port.listening", () -> port.get().listening() ? 1 : 0)
                .description("1 while users can connect, else 0")
                .tags(tags)
                .register(registry);
        Arrays.stream(PortRefusal.values())
                .map(PortRefusal::key)
                .forEach(why -> FunctionCounter.builder(
                                "portproxy.users.refused",
                                server,
                                any -> port.get().refused().getOrDefault(why, 0L))
                        .description("Users who were reset at once, as there could be no stream")
                        .tags(tags.and("reason", why))
                        .register(registry));
    }
}
