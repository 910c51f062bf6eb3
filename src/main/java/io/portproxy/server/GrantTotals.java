package io.portproxy.server;

import io.portproxy.server.exposed.Route;
import io.portproxy.tunnel.telemetry.StreamCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The counts of granted ports and hosts that were closed, for each remote or template that has a grant. Ports and hosts
 * come and go, but their counts must stay. Any thread.
 */
final class GrantTotals {
    private final Map<String, Closed> closed = new HashMap<>(); // by the name of the remote or of its template

    /** The closed ports and hosts of one owner. */
    private static final class Closed {
        private final List<Route> ending = new ArrayList<>(); // their streams continue
        private StreamCounts over = StreamCounts.sumOf(List.of());

        StreamCounts sum() {
            List<StreamCounts> all = new ArrayList<>();
            ending.removeIf(route -> {
                StreamCounts counts = route.streams().counts();
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

    /** Adds a granted port or host that was closed, or that leads to another target now. */
    synchronized void closed(String owner, Route route) {
        Closed there = closed.computeIfAbsent(owner, name -> new Closed());
        there.ending.add(route);
        there.sum();
    }

    /** Removes the counts of remotes and templates that are not among these. */
    synchronized void retain(Set<String> owners) {
        closed.keySet().retainAll(owners);
    }

    /** The counts of the closed ports and hosts of an owner. */
    synchronized StreamCounts closedOf(String owner) {
        Closed there = closed.get(owner);
        return there == null ? StreamCounts.sumOf(List.of()) : there.sum();
    }
}
