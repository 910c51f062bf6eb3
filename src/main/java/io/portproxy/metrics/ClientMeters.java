package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portproxy.client.ClientView;
import io.portproxy.client.ProxyClient;
import io.portproxy.tunnel.TunnelHandle;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;

/** The meters of the remote. */
public final class ClientMeters {
    private final MeterRegistry registry;
    private final ProxyClient client;
    private final Recent<ClientView> view;

    /**
     * @param registry where the meters go
     * @param client may not be started yet
     */
    public ClientMeters(MeterRegistry registry, ProxyClient client) {
        this.registry = registry;
        this.client = client;
        this.view = new Recent<>(client::view);
    }

    /** Beside those of the server, which cannot be registered earlier. */
    @EventListener(ContextRefreshedEvent.class)
    public void register() {
        Tags tags = Tags.of("role", "client", "remote", view.get().name());
        StreamMeters.register(
                registry, client, tags.and("port", "none"), () -> view.get().streams());
        TunnelMeters.register(
                registry,
                tags,
                () -> view.get().tunnels().stream().map(TunnelHandle::view).toList());
        FunctionCounter.builder(
                        "portproxy.tunnel.connects", client, any -> view.get().connects())
                .description("How often a tunnel came up")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "portproxy.tunnel.failures", client, any -> view.get().failures())
                .description("How often a tunnel was lost or did not come up")
                .tags(tags)
                .register(registry);
    }
}
