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
    /** Whose streams may go on, the newest last. */
    private final List<RouteStreams> ending = new ArrayList<>();

    private StreamCounts counts = StreamCounts.sumOf(List.of()); // of those that have no stream any more
    private StreamDelays delays = StreamDelays.sum(List.of());

    /** Another one takes the place of a route. */
    synchronized void add(RouteStreams route) {
        for (RouteStreams before : List.copyOf(ending)) { // and not this one: somebody may be on its way by it
            StreamCounts here = before.counts();
            if (here.live() == 0) {
                counts = StreamCounts.sumOf(List.of(counts, here));
                delays = StreamDelays.sum(List.of(delays, before.delays()));
                ending.remove(before);
            }
        }
        ending.add(route);
    }

    /** With those of the route that there is now. */
    synchronized StreamCounts countsWith(RouteStreams now) {
        return StreamCounts.sumOf(
                Stream.concat(Stream.of(counts, now.counts()), others(now).map(RouteStreams::counts))
                        .toList());
    }

    /** With those of the route that there is now. */
    synchronized StreamDelays delaysWith(RouteStreams now) {
        return StreamDelays.sum(
                Stream.concat(Stream.of(delays, now.delays()), others(now).map(RouteStreams::delays))
                        .toList());
    }

    /** While the place of a route is taken, both are there. */
    private Stream<RouteStreams> others(RouteStreams now) {
        return ending.stream().filter(route -> route != now);
    }
}
