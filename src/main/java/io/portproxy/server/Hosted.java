package io.portproxy.server;

import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.Route;
import java.util.List;
import java.util.stream.Stream;

/**
 * A host of a remote, and where it leads.
 *
 * @param former where it led before, as far as streams of it may go on
 */
record Hosted(HostSettings settings, Route route, List<Route> former) {
    Hosted(HostSettings settings, Route route) {
        this(settings, route, List.of());
    }

    /** The same host, which leads elsewhere. */
    Hosted changed(HostSettings others, Route to) {
        Stream<Route> going = former.stream().filter(each -> each.counts().live() > 0);
        return new Hosted(others, to, Stream.concat(going, Stream.of(route)).toList());
    }

    /** The same host, which leads where it did. */
    Hosted changed(HostSettings others) {
        return new Hosted(others, route, former);
    }

    /** By which its streams may have come. */
    List<Route> routes() {
        return Stream.concat(Stream.of(route), former.stream()).toList();
    }

    /** Whether streams that came by a route may go on. */
    boolean keeps(Route other) {
        return routes().contains(other) && other.settings().streamsMayGoOn(settings.route());
    }
}
