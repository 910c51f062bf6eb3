package io.portproxy.server;

import io.portproxy.server.exposed.Route;
import io.portproxy.tunnel.telemetry.StreamCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the streams of granted ports and hosts have come to, for each remote or template that is granted some: they come and go, and
 * what was counted at them must not go with them. Thread-safe.
 */
final class GrantTotals {
    private final Map<String, Closed> closed = new HashMap<>(); // by the name of the remote, or of its template

    /** Of ports and hosts that were taken back. */
    private static final class Closed {
        private final List<Route> ending = new ArrayList<>(); // whose streams go on
        private StreamCounts over = StreamCounts.sumOf(List.of());

        StreamCounts sum() {
            List<StreamCounts> all = new ArrayList<>();
            ending.removeIf(route -> {
                StreamCounts counts = route.counts();
                if (counts.live() == 0) {
                    over = StreamCounts.sumOf(List.of(over, counts));
                    return true;
                }
                all.add(counts);
                return false;
            });
            all.add(over);
            return StreamCounts.sumOf(all);
        }
    }

    /** A granted port or host is taken back, or leads elsewhere. */
    synchronized void closed(String owner, Route route) {
        Closed there = closed.computeIfAbsent(owner, name -> new Closed());
        there.ending.add(route);
        there.sum();
    }

    /** Forgets those who are granted nothing any more. */
    synchronized void retain(Set<String> owners) {
        closed.keySet().retainAll(owners);
    }

    /** What the streams of an owner's ports and hosts that were taken back have come to. */
    synchronized StreamCounts closedOf(String owner) {
        Closed there = closed.get(owner);
        return there == null ? StreamCounts.sumOf(List.of()) : there.sum();
    }
}
