package io.portproxy.config;

import io.portproxy.client.ClientSettings;
import io.portproxy.net.Sockets;
import io.portproxy.server.ProxyServer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start what is exposed, and to whom. */
final class StartReport {
    private static final Logger log = LoggerFactory.getLogger(StartReport.class);

    private StartReport() {}

    static void log(ConfigurationCheck configuration, Optional<ProxyServer> server) {
        configuration.server().ifPresent(plan -> server.ifPresent(running -> log(plan, running)));
        configuration.client().ifPresent(StartReport::log);
    }

    private static void log(ServerPlan plan, ProxyServer server) {
        InetSocketAddress tunnel = server.tunnelAddress();
        log.info("remotes connect to {}", Sockets.text(tunnel));
        if (!tunnel.getAddress().isLoopbackAddress()) {
            log.warn(
                    "anybody who reaches {} can take any remote's name: the classic protocol has no authentication; set"
                            + " {} to an address that only your remotes reach, or let a firewall see to it",
                    Sockets.text(tunnel),
                    ServerPlan.BIND);
        }
        List<InetSocketAddress> addresses = server.exposedAddresses();
        for (int i = 0; i < plan.ports().size(); i++) {
            PlannedPort port = plan.ports().get(i);
            log.info(
                    "{} is exposed ({}) for port {} of remote {}",
                    Sockets.text(addresses.get(i)),
                    port.type(),
                    port.targetPort(),
                    port.remoteName());
        }
        plan.settings().remotes().stream()
                .filter(remote -> remote.ports().isEmpty())
                .forEach(remote -> log.warn("remote {} has no exposed port: its port-list is empty", remote.name()));
    }

    private static void log(ClientSettings client) {
        log.info("remote {} connects to {}", client.name(), Sockets.text(client.server()));
    }
}
