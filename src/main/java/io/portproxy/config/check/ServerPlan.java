package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.manage.PlannedRemote;
import io.portproxy.server.ServerSettings;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The proxy server's settings, and where they were written.
 *
 * @param settings what the proxy server is to do
 * @param ports the exposed ports in the order of {@code settings}
 * @param remotes its remotes as files declare them
 */
public record ServerPlan(ServerSettings settings, List<PlannedPort> ports, List<PlannedRemote> remotes) {
    public static final Place BIND =
            Place.property(PortProxyProperties.PREFIX).key("server").key("bind");

    /** Where an address that is to be listened on is written. */
    public Place placeOf(InetSocketAddress address) {
        return ports.stream()
                .filter(port -> port.bind().equals(address))
                .filter(port -> !address.equals(settings.bind()))
                .findFirst()
                .map(PlannedPort::place)
                .orElse(BIND);
    }

    public ServerPlan {
        ports = List.copyOf(ports);
        remotes = List.copyOf(remotes);
    }
}
