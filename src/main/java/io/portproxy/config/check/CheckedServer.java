package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.manage.Declared;
import io.portproxy.manage.PlannedGateway;
import io.portproxy.manage.PlannedRemote;
import io.portproxy.server.ServerSettings;
import java.net.SocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The proxy server's settings, checked, and where they were written.
 *
 * @param settings the settings
 * @param ports the exposed ports in the order of {@code settings}
 * @param gateways the gateways that files declare
 * @param remotes the remotes that files declare
 */
public record CheckedServer(
        ServerSettings settings, List<PlannedPort> ports, List<PlannedGateway> gateways, List<PlannedRemote> remotes) {
    /** The place of the address where remotes connect. */
    public static final Place BIND =
            Place.property(PortProxyProperties.PREFIX).key("server").key("bind");

    /** The place of the list of gateways. */
    public static final Place GATEWAYS =
            Place.property(PortProxyProperties.PREFIX).key("server").key("gateways");

    /** Returns the place where a listen address is written. */
    public Place placeOf(SocketAddress address) {
        if (address.equals(settings.port().bind())) {
            return BIND;
        }
        Stream<Place> fronts = IntStream.range(0, settings.gateways().size())
                .filter(i -> settings.gateways().get(i).bind().equals(address))
                .mapToObj(i -> GATEWAYS.entry(i).key("bind"));
        Stream<Place> exposed = ports.stream()
                .filter(port -> port.settings().address().contains(address))
                .map(PlannedPort::place);
        return Stream.concat(fronts, exposed).findFirst().orElse(BIND);
    }

    /** Returns what the server exposes at its start, as files declare it. */
    public Declared declared() {
        return new Declared(
                gateways, remotes, settings.users().access(), settings.users().limits());
    }

    public CheckedServer {
        ports = List.copyOf(ports);
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }
}
