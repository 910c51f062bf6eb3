package io.portproxy.metrics;

import io.portproxy.client.ClientView;
import io.portproxy.client.ProxyClient;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of the uplink. It is up while the remote has a tunnel to its proxy server. */
public final class UplinkHealth implements HealthIndicator {
    private final ProxyClient client;

    /** @param client may not be started yet */
    public UplinkHealth(ProxyClient client) {
        this.client = client;
    }

    @Override
    public Health health() {
        ClientView view = client.view();
        Health.Builder health = view.tunnels().isEmpty() ? Health.down() : Health.up();
        health.withDetail("server", view.server())
                .withDetail("tunnels", view.tunnels().size())
                .withDetail("wanted", view.wanted());
        Map<String, String> servers = new LinkedHashMap<>();
        view.servers().forEach(each -> servers.put(each.address(), state(each)));
        health.withDetail("servers", servers);
        view.lastFailure().ifPresent(why -> health.withDetail("lastFailure", why));
        return health.build();
    }

    private static String state(ClientView.Server server) {
        return server.up() == server.wanted()
                ? "up"
                : server.trouble().orElse("away").concat(server.up() > 0 ? " (" + server.up() + " up)" : "");
    }
}
