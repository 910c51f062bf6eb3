package io.portproxy.store;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.LimitsDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoredRemote;
import io.portproxy.manage.UsersDefinition;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remotes, ports, hosts and gateways for tests of the store. */
final class TestRemotes {
    private TestRemotes() {}

    static StoredRemote remote(String name, PortDefinition... ports) {
        return new StoredRemote(new RemoteDefinition(name, "what it is", true, false, List.of(ports)), List.of());
    }

    static PortDefinition port(String name, int port) {
        return new PortDefinition(name, true, "tcp", "127.0.0.1:" + port, "22");
    }

    static HostDefinition host(String name, int target) {
        return new HostDefinition(
                name, HostDefinition.ALL_PATHS, List.of(), true, HostDefinition.TERMINATE, String.valueOf(target));
    }

    /** Returns a gateway with a value for every setting. */
    static GatewayDefinition gateway(String name) {
        return new GatewayDefinition(
                name,
                "0.0.0.0:443",
                Optional.of(8443),
                new GatewayDefinition.Ssl(Optional.of("one"), List.of("sites", "shop"), true),
                true,
                "7s",
                77,
                "7KB",
                Optional.of("tunnel.example.com"),
                List.of("10.0.0.0/8"));
    }

    /** Returns a gateway with as few settings as possible. */
    static GatewayDefinition plainGateway(String name, String bind) {
        return new GatewayDefinition(
                name,
                bind,
                Optional.empty(),
                GatewayDefinition.Ssl.NONE,
                false,
                GatewayDefinition.DEFAULT_REQUEST_TIMEOUT,
                GatewayDefinition.DEFAULT_MAX_PENDING,
                GatewayDefinition.DEFAULT_MAX_REQUEST_HEAD,
                Optional.empty(),
                List.of());
    }

    static UsersDefinition users() {
        return new UsersDefinition(
                Optional.of(new AccessDefinition(List.of("10.0.0.0/8", "a \"quoted\", one"), List.of("10.0.0.1"))),
                Optional.of("v2"),
                List.of("127.0.0.1", "::1"),
                Optional.of(new QuotaDefinition("1TB", "month")),
                Optional.of(new LimitsDefinition(
                        Optional.of(100),
                        Optional.of(10),
                        Optional.empty(),
                        Optional.of(2),
                        Optional.of(new LimitsDefinition.Bandwidth(Optional.of("10MB"), Optional.empty())),
                        Optional.of(new LimitsDefinition.Bandwidth(Optional.of("1MB"), Optional.of("512KB"))),
                        Optional.of("10m"),
                        Optional.of("8h"))),
                Optional.of("5s"));
    }

    static HttpDefinition http() {
        return new HttpDefinition(
                Optional.of("rewrite"),
                Optional.of("none"),
                List.of("10.0.0.0/8", "a \"quoted\", one", ""),
                Optional.of("64KB"),
                Optional.of("30s"),
                new HttpDefinition.Headers(
                        new HttpDefinition.Fields(
                                Map.of("X-Key", "a \"quoted\", one", "X_Other", "${HOME}"), List.of("Cookie")),
                        HttpDefinition.Fields.NONE),
                Optional.of(new HttpDefinition.Hsts("365d", true, false)),
                Optional.of(new HttpDefinition.Auth(new HttpDefinition.Basic(
                        List.of(new HttpDefinition.User("ann", "{bcrypt}$2a$10$abc")),
                        "Realm",
                        List.of("/health"),
                        true))));
    }

    static RemoteToken token(String id, String label, Optional<Instant> expires) {
        return new RemoteToken(
                id,
                label,
                TokenVerifier.of(Token.of("secret of " + id)),
                Instant.parse("2026-02-03T04:05:06Z"),
                expires);
    }
}
