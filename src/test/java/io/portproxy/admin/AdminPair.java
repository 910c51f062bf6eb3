package io.portproxy.admin;

import static org.awaitility.Awaitility.await;

import io.portproxy.client.ProxyClient;
import io.portproxy.config.Started;
import io.portproxy.server.ProxyServer;
import io.portproxy.testing.RawTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A proxy server and the remote {@code home}. Each is an application of its own with an admin API. The server exposes two
 * ports of {@code home} and one of {@code gone}. The target listens behind the first port only, and {@code gone} never
 * connects.
 */
public final class AdminPair implements AutoCloseable {
    public static final String TOKEN = "Sesame-0123456789";

    private final RawTarget target;
    private final ConfigurableApplicationContext server;
    private final ConfigurableApplicationContext client;

    /** Starts both applications, each with options of its own. */
    public AdminPair(Path folder, List<String> serverOptions, List<String> clientOptions) throws IOException {
        this(folder, serverOptions, clientOptions, "tokens: [" + TOKEN + "], ", "token: " + TOKEN);
    }

    /** Starts both applications with the classic dialect, which has no tokens. */
    public static AdminPair classic(Path folder) throws IOException {
        return new AdminPair(folder, List.of(), List.of(), "", "protocol: classic");
    }

    private AdminPair(
            Path folder, List<String> serverOptions, List<String> clientOptions, String tokens, String protocol)
            throws IOException {
        target = RawTarget.open();
        server = started(folder, "server", serverOptions, """
            portproxy.server:
              bind: 127.0.0.1:0
              proxy:
                - {remote-name: home, %sport-list: [{bind: 0, remote: %d}, {bind: 0, remote: 9}]}
                - {remote-name: gone, port-list: [{bind: 0, remote: 1}]}
            """.formatted(tokens, target.port()));
        client = started(folder, "client", clientOptions, """
            portproxy.client: {name: home, server: '127.0.0.1:%d', %s, reconnect.initial: 100ms}
            """.formatted(
                        proxyServer().tunnelAddress().getPort(), protocol));
    }

    private static ConfigurableApplicationContext started(
            Path folder, String profile, List<String> options, String role) {
        List<String> all = new ArrayList<>(options);
        all.add("--spring.profiles.active=" + profile);
        String both = "portproxy: {workers: 1, shutdown-grace: 0, "
                + "webhooks: [{name: nobody, url: 'http://127.0.0.1:1/', events: [certificate-failed]}]}\n";
        return Started.withAdmin(folder, AdminClient.USERS + both + role, all.toArray(String[]::new));
    }

    public RawTarget target() {
        return target;
    }

    public ConfigurableApplicationContext server() {
        return server;
    }

    public ConfigurableApplicationContext client() {
        return client;
    }

    public ProxyServer proxyServer() {
        return server.getBean(ProxyServer.class);
    }

    /** Returns the address where users reach the target. */
    public InetSocketAddress exposed() {
        return proxyServer().exposedAddresses().get(0);
    }

    /** Returns the address of the port whose remote never connects. */
    public InetSocketAddress exposedForGone() {
        return proxyServer().exposedAddresses().get(2);
    }

    /** Waits until both applications show that the tunnel is up. */
    public void awaitTunnel() {
        await().until(client.getBean(ProxyClient.class)::connected);
        await().until(() -> AdminClient.BOB
                .get(server, "/api/v1/remotes/home")
                .text("state")
                .equals("up"));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        target.close();
    }
}
