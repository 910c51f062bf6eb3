package io.portproxy.server;

import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.gateway.HostSettings;
import java.util.List;
import java.util.stream.Stream;

/**
 * A host of a remote, with its routes.
 *
 * @param former the routes that it had before; their streams may continue
 */
record Hosted(HostSettings settings, Route route, List<Route> former) {
    Hosted(HostSettings settings, Route route) {
        this(settings, route, List.of());
    }

    /** Returns the same host with another route. */
    Hosted changed(HostSettings others, Route to) {
        Stream<Route> going =
                former.stream().filter(each -> each.streams().counts().live() > 0);
        return new Hosted(others, to, Stream.concat(going, Stream.of(route)).toList());
    }

    /** Returns the same host with the same route. */
    Hosted changed(HostSettings others) {
        return new Hosted(others, route, former);
    }

    /** The routes that the streams of the host may use. */
    List<Route> routes() {
        return Stream.concat(Stream.of(route), former.stream()).toList();
    }

    /** Whether the streams of a route may continue. */
    boolean keeps(Route other) {
        return routes().contains(other) && other.settings().streamsMayGoOn(settings.route());
    }
}
