package io.portproxy.server;

import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.Route;
import io.portproxy.usage.Tally;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What all ports and hosts have come to: those that there are, and those that are gone as long as streams of theirs go on, so that nothing is missed. Any
 * thread.
 */
final class Tallies {
    /** Ports and hosts that have gone between two looks. */
    private static final int MAX_GONE = 10_000;

    private final Supplier<Collection<Remote>> remotes;
    private final Deque<Route> gone = new ArrayDeque<>(); // guarded by itself
    private Map<Long, Route> before = Map.of(); // by counter, as seen at the last look

    Tallies(Supplier<Collection<Remote>> remotes) {
        this.remotes = remotes;
    }

    /** A port or host that a remote had asked for is there no more; it may not have been seen yet. */
    void left(Route route) {
        synchronized (gone) {
            if (gone.size() >= MAX_GONE) {
                gone.removeFirst();
            }
            gone.addLast(route);
        }
    }

    private List<Route> takeGone() {
        synchronized (gone) {
            List<Route> taken = List.copyOf(gone);
            gone.clear();
            return taken;
        }
    }

    /** All counters. One that is gone is among them at least once more. */
    synchronized List<Tally> all() {
        List<Route> left = takeGone(); // first: what goes meanwhile is there still
        Map<Long, Tally> tallies = new LinkedHashMap<>();
        Map<Long, Route> now = new HashMap<>();
        there().forEach(route -> {
            Tally tally = route.tally();
            tallies.putIfAbsent(tally.counter(), tally);
            now.putIfAbsent(tally.counter(), route);
        });
        Stream.concat(left.stream(), before.values().stream()).forEach(route -> {
            boolean goesOn = route.isUsed(); // first: what comes later is seen again
            Tally last = route.tally();
            if (tallies.putIfAbsent(last.counter(), last) == null && goesOn) {
                now.put(last.counter(), route);
            }
        });
        before = now;
        return List.copyOf(tallies.values());
    }

    private Stream<Route> there() {
        return remotes.get().stream()
                .flatMap(remote -> Stream.concat(
                        remote.ports().stream().map(ExposedPort::route),
                        remote.allHosted().stream().map(Hosted::route)));
    }
}
