package io.portproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portproxy.client.ClientView;
import io.portproxy.client.ProxyClient;
import io.portproxy.tunnel.StreamCounts;
import io.portproxy.tunnel.TunnelHandle;
import java.util.function.Predicate;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;

/** The meters of the remote. */
public final class ClientMeters {
    private static final String SERVERS =
            "Addresses of proxy servers that are dialled, that have a tunnel, and that are skipped as too many";

    private final Meters meters;
    private final Recent<ClientView> view;

    /**
     * @param registry where the meters go
     * @param histograms where the histograms go
     * @param client may not be started yet
     */
    public ClientMeters(MeterRegistry registry, Histograms histograms, ProxyClient client) {
        this.meters = new Meters(registry, histograms, client, Tags.of("role", "client"));
        this.view = new Recent<>(client::view);
    }

    /** Beside those of the server, which cannot be registered earlier. */
    @EventListener(ContextRefreshedEvent.class)
    public void register() {
        Meters ofRemote = meters.with("remote", view.get().name());
        StreamMeters.register(
                ofRemote.with("port", "none"),
                () -> view.get().streams(),
                () -> view.get().delays());
        TunnelMeters.register(
                ofRemote,
                () -> view.get().tunnels().stream().map(TunnelHandle::view).toList(),
                () -> view.get().counts());
        ofRemote.counter(
                "portproxy.tunnel.failures",
                "How often a tunnel was lost or did not come up",
                () -> view.get().failures());
        servers(ofRemote, "dialled", server -> true);
        servers(ofRemote, "up", server -> server.up() > 0);
        ofRemote.with("state", "skipped")
                .gauge("portproxy.servers", SERVERS, () -> view.get().skipped());
        for (String reason : StreamCounts.REASONS) {
            ofRemote.with("reason", reason)
                    .counter(
                            "portproxy.streams.refused",
                            "Streams that the server wanted and did not get",
                            () -> view.get().counts().refused().getOrDefault(reason, 0L));
        }
    }

    private void servers(Meters ofRemote, String state, Predicate<ClientView.Server> is) {
        ofRemote.with("state", state)
                .gauge(
                        "portproxy.servers",
                        SERVERS,
                        () -> view.get().servers().stream().filter(is).count());
    }
}
