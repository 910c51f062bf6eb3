package io.portproxy.server.exposed;

import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The counts of the routes that a port or host had before, so that its counters do not go back when its settings
 * change. Any thread.
 */
final class FormerTotals {
    /** The routes whose streams may continue, the newest last. */
    private final List<RouteStreams> ending = new ArrayList<>();

    private StreamCounts counts = StreamCounts.sumOf(List.of()); // of the routes that have no stream any more
    private StreamDelays delays = StreamDelays.sum(List.of());

    /** Adds a route that another one replaces. */
    synchronized void add(RouteStreams route) {
        for (RouteStreams before : List.copyOf(ending)) { // not the added one: a user may still be on the way to it
            StreamCounts here = before.counts();
            if (here.live() == 0) {
                counts = StreamCounts.sumOf(List.of(counts, here));
                delays = StreamDelays.sum(List.of(delays, before.delays()));
                ending.remove(before);
            }
        }
        ending.add(route);
    }

    /** Returns the former counts and those of the current route. */
    synchronized StreamCounts countsWith(RouteStreams now) {
        return StreamCounts.sumOf(
                Stream.concat(Stream.of(counts, now.counts()), others(now).map(RouteStreams::counts))
                        .toList());
    }

    /** Returns the former delays and those of the current route. */
    synchronized StreamDelays delaysWith(RouteStreams now) {
        return StreamDelays.sum(
                Stream.concat(Stream.of(delays, now.delays()), others(now).map(RouteStreams::delays))
                        .toList());
    }

    /** While a route is being replaced, it can be both a former route and the current one; it counts once. */
    private Stream<RouteStreams> others(RouteStreams now) {
        return ending.stream().filter(route -> route != now);
    }
}
