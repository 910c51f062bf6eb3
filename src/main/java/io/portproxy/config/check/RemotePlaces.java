package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import java.util.function.IntFunction;

/**
 * Where a remote is written, and its ports and hosts, by their indexes.
 *
 * @param remote the remote
 * @param ports its ports
 * @param hosts its hosts
 */
record RemotePlaces(Place remote, IntFunction<Place> ports, IntFunction<Place> hosts) {

    /** Those of a remote whose ports and hosts are written within it. */
    static RemotePlaces within(Place remote) {
        return new RemotePlaces(
                remote,
                index -> remote.key("port-list").entry(index),
                index -> remote.key("host-list").entry(index));
    }

    /** Where a port is written. */
    Place port(int index) {
        return ports.apply(index);
    }

    /** Where a host is written. */
    Place host(int index) {
        return hosts.apply(index);
    }

    /** What is written for a key of the remote itself. */
    Place key(String name) {
        return remote.key(name);
    }
}
