package io.portproxy.config.problem;

import java.util.function.IntFunction;

/**
 * The places of a remote and of its ports and hosts in the configuration.
 *
 * @param remote the place of the remote
 * @param ports returns the place of a port by its index
 * @param hosts returns the place of a host by its index
 */
public record RemotePlaces(Place remote, IntFunction<Place> ports, IntFunction<Place> hosts) {

    /** Returns the places of a remote whose ports and hosts are written within it. */
    public static RemotePlaces within(Place remote) {
        return new RemotePlaces(
                remote,
                index -> remote.key("port-list").entry(index),
                index -> remote.key("host-list").entry(index));
    }

    /** Returns the place of a port. */
    public Place port(int index) {
        return ports.apply(index);
    }

    /** Returns the place of a host. */
    public Place host(int index) {
        return hosts.apply(index);
    }

    /** Returns the place of a key of the remote itself. */
    public Place key(String name) {
        return remote.key(name);
    }
}
