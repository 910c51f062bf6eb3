package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the check of hosts needs to know of the gateways.
 *
 * @param all the gateways, each with a different name
 */
record GatewayNames(List<Named> all) {

    /**
     * A gateway.
     *
     * @param name the name that hosts refer to
     * @param place its place in the configuration
     * @param tls whether it speaks TLS
     * @param tunnel the name, {@linkplain io.portproxy.http.HostName normal}, by which remotes ask for the tunnel port
     */
    record Named(String name, Place place, boolean tls, Optional<String> tunnel) {}

    GatewayNames {
        all = List.copyOf(all);
    }

    /** Returns the names of gateways that are right. */
    static GatewayNames of(Collection<GatewaySettings> gateways) {
        List<Named> named = new ArrayList<>();
        gateways.forEach(gateway -> named.add(new Named(
                gateway.name(),
                Place.property("gateway " + gateway.name()),
                gateway.certificates().isPresent(),
                gateway.tunnel())));
        return new GatewayNames(named);
    }

    Set<String> names() {
        return all.stream().map(Named::name).collect(Collectors.toSet());
    }

    /** Returns the gateway whose name for the tunnel port is the same as the name of this host. */
    Optional<Named> tunnelOf(HostSettings host) {
        return all.stream()
                .filter(gateway -> host.isOn(gateway.name()) && !host.host().wildcard())
                .filter(gateway ->
                        gateway.tunnel().equals(Optional.of(host.host().name())))
                .findFirst();
    }

    /** Returns the gateways that a host is on: all of them if it names none. Leaves out names that no gateway has. */
    List<Named> of(List<String> names) {
        return all.stream()
                .filter(gateway -> names.isEmpty() || names.contains(gateway.name()))
                .toList();
    }
}
