package io.portproxy.config;

import io.portproxy.client.ClientSettings;
import io.portproxy.net.Sockets;
import io.portproxy.net.TlsSettings;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.ServerSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start what is exposed, and to whom. */
final class StartReport {
    private static final Logger log = LoggerFactory.getLogger(StartReport.class);

    private StartReport() {}

    static void log(ConfigurationCheck configuration, Optional<ProxyServer> server) {
        configuration.server().ifPresent(plan -> server.ifPresent(running -> log(plan, running)));
        configuration.client().ifPresent(StartReport::log);
        warnOfPlainTunnels(configuration);
    }

    private static void log(ServerPlan plan, ProxyServer server) {
        InetSocketAddress tunnel = server.tunnelAddress();
        log.info(
                "remotes connect to {}{}",
                Sockets.text(tunnel),
                withTls(plan.settings().tls()));
        warnOfNamesForAnybody(plan.settings(), tunnel);
        List<InetSocketAddress> addresses = server.exposedAddresses();
        for (int i = 0; i < plan.ports().size(); i++) {
            PlannedPort port = plan.ports().get(i);
            log.info(
                    "{} is exposed ({}) for {} of remote {}",
                    Sockets.text(addresses.get(i)),
                    port.type(),
                    port.target(),
                    port.remoteName());
        }
        plan.settings().remotes().stream()
                .filter(remote -> remote.ports().isEmpty())
                .forEach(remote -> log.warn("remote {} has no exposed port: its port-list is empty", remote.name()));
    }

    private static void log(ClientSettings client) {
        log.info("remote {} connects to {}{}", client.name(), Sockets.text(client.server()), withTls(client.tls()));
    }

    private static String withTls(Optional<TlsSettings> tls) {
        return tls.isPresent() ? " (TLS)" : "";
    }

    private static void warnOfNamesForAnybody(ServerSettings settings, InetSocketAddress tunnel) {
        String names = settings.remotes().stream()
                .filter(remote -> remote.tokens().isEmpty())
                .map(RemoteSettings::name)
                .collect(Collectors.joining(", "));
        boolean certified = settings.tls().map(TlsSettings::clientCertificate).orElse(false);
        if (names.isEmpty() || certified || tunnel.getAddress().isLoopbackAddress()) {
            return;
        }
        log.warn(
                "anybody who reaches {} can be remote {}: set portproxy.server.proxy[].tokens for each of these names{}",
                Sockets.text(tunnel),
                names,
                settings.classicAllowed()
                        ? ", and portproxy.server.classic to deny once no remote needs the classic dialect"
                        : "");
    }

    /** One warning for both roles: they are one network's. */
    private static void warnOfPlainTunnels(ConfigurationCheck configuration) {
        List<String> toSet = new ArrayList<>();
        configuration
                .server()
                .map(ServerPlan::settings)
                .filter(server -> server.tls().isEmpty())
                .filter(server -> !server.bind().getAddress().isLoopbackAddress())
                .ifPresent(server -> toSet.add("portproxy.server.ssl.bundle"));
        configuration
                .client()
                .filter(client -> client.tls().isEmpty())
                .filter(client -> !isLoopback(client.server().getHostString()))
                .ifPresent(client -> toSet.add("portproxy.client.ssl.bundle"));
        if (!toSet.isEmpty()) {
            log.warn(
                    "tunnels are not encrypted: tokens protect the greeting, but whoever is on the way can read and change"
                            + " what follows; set {}",
                    String.join(" and ", toSet));
        }
    }

    /** Without asking a name service: what only that knows to be loopback gets a warning too many. */
    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.matches("127\\.[0-9]+\\.[0-9]+\\.[0-9]+")
                || host.matches("::1|0:0:0:0:0:0:0:1");
    }
}
