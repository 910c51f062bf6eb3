package io.portproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portproxy.server.GreetingRefusal;
import io.portproxy.server.PortRefusal;
import io.portproxy.server.PortView;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteView;
import io.portproxy.tunnel.TunnelHandle;
import java.util.List;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;

/** The meters of the proxy server. Their tags are remotes and ports, of which there are as many as are configured. */
public final class ServerMeters {
    private final Meters meters;
    private final ProxyServer server;
    private final Recent<List<RemoteView>> remotes;

    /**
     * @param registry where the meters go
     * @param histograms where the histograms go
     * @param server may not be started yet
     */
    public ServerMeters(MeterRegistry registry, Histograms histograms, ProxyServer server) {
        this.meters = new Meters(registry, histograms, server, Tags.empty());
        this.server = server;
        this.remotes = new Recent<>(server::remotes);
    }

    /** The ports are bound now, and their addresses known. */
    @EventListener(ContextRefreshedEvent.class)
    public void register() {
        registerGreetings();
        List<RemoteView> all = server.remotes();
        for (int i = 0; i < all.size(); i++) {
            int remote = i;
            Meters ofRemote =
                    meters.with("role", "server").with("remote", all.get(i).name());
            TunnelMeters.register(
                    ofRemote,
                    () -> remotes.get().get(remote).tunnels().stream()
                            .map(RemoteView.Tunnel::handle)
                            .map(TunnelHandle::view)
                            .toList(),
                    () -> remotes.get().get(remote).counts());
            for (int j = 0; j < all.get(i).ports().size(); j++) {
                int index = j;
                registerPort(
                        ofRemote.with("port", all.get(i).ports().get(j).bind()),
                        new Recent<>(() -> remotes.get().get(remote).ports().get(index)));
            }
        }
    }

    private void registerGreetings() {
        meters.gauge("portproxy.greetings", "Connections to the tunnel port without a name yet", server::greetings);
        for (GreetingRefusal why : GreetingRefusal.values()) {
            meters.with("reason", why.key())
                    .counter(
                            "portproxy.greetings.refused",
                            "Connections to the tunnel port that were refused",
                            () -> server.greetingsRefused(why));
        }
    }

    private static void registerPort(Meters meters, Recent<PortView> port) {
        StreamMeters.register(
                meters, () -> port.get().streams(), () -> port.get().delays());
        meters.counter(
                "portproxy.requests.refused",
                "HTTP requests that were answered here and not by the target",
                () -> port.get().delays().requestsRefused());
        meters.gauge(
                "portproxy.port.listening",
                "1 while users can connect, else 0",
                () -> port.get().listening() ? 1 : 0);
        for (PortRefusal why : PortRefusal.values()) {
            meters.with("reason", why.key())
                    .counter(
                            "portproxy.users.refused",
                            "Users who were reset at once, as there could be no stream",
                            () -> port.get().refused().getOrDefault(why.key(), 0L));
        }
    }
}
