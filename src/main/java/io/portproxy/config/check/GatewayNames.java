package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.server.exposed.GatewaySettings;
import io.portproxy.server.exposed.HostSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What hosts have to know of the gateways.
 *
 * @param all each with a name of its own
 */
record GatewayNames(List<Named> all) {

    /**
     * A gateway.
     *
     * @param name what hosts call it
     * @param place where it is written
     * @param tls whether it speaks TLS
     * @param tunnel the name, {@linkplain io.portproxy.http.HostName normal}, by which remotes ask for the tunnel port
     */
    record Named(String name, Place place, boolean tls, Optional<String> tunnel) {}

    GatewayNames {
        all = List.copyOf(all);
    }

    /** Of gateways that are right. */
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

    /** The gateway at which a host would be what remotes ask for the tunnel port by. */
    Optional<Named> tunnelOf(HostSettings host) {
        return all.stream()
                .filter(gateway -> host.isOn(gateway.name()) && !host.host().wildcard())
                .filter(gateway ->
                        gateway.tunnel().equals(Optional.of(host.host().name())))
                .findFirst();
    }

    /** Those that a host is on; without those that there are not. */
    List<Named> of(List<String> names) {
        return all.stream()
                .filter(gateway -> names.isEmpty() || names.contains(gateway.name()))
                .toList();
    }
}
