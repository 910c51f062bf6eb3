package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import java.util.function.IntFunction;

/**
 * The places of a remote and of its ports and hosts in the configuration.
 *
 * @param remote the place of the remote
 * @param ports returns the place of a port by its index
 * @param hosts returns the place of a host by its index
 */
record RemotePlaces(Place remote, IntFunction<Place> ports, IntFunction<Place> hosts) {

    /** Returns the places of a remote whose ports and hosts are written within it. */
    static RemotePlaces within(Place remote) {
        return new RemotePlaces(
                remote,
                index -> remote.key("port-list").entry(index),
                index -> remote.key("host-list").entry(index));
    }

    /** Returns the place of a port. */
    Place port(int index) {
        return ports.apply(index);
    }

    /** Returns the place of a host. */
    Place host(int index) {
        return hosts.apply(index);
    }

    /** Returns the place of a key of the remote itself. */
    Place key(String name) {
        return remote.key(name);
    }
}
