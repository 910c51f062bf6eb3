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
 * The counters of all ports and hosts. A port or host that was removed stays among them while its streams continue, so
 * that no byte is missed. Any thread.
 */
final class Tallies {
    /** The most removed ports and hosts that are kept between two calls of {@link #all}. */
    private static final int MAX_GONE = 10_000;

    private final Supplier<Collection<Remote>> remotes;
    private final Deque<Route> gone = new ArrayDeque<>(); // guarded by itself
    private Map<Long, Route> before = Map.of(); // by counter, as the last call saw them

    Tallies(Supplier<Collection<Remote>> remotes) {
        this.remotes = remotes;
    }

    /** Keeps a removed port or host that a remote had asked for, because {@link #all} may not have seen its last counts. */
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

    /** Returns all counters. A counter of a removed port or host is among them at least once more. */
    synchronized List<Tally> all() {
        List<Route> left = takeGone(); // first, so that what is removed meanwhile is still in the list of remotes
        Map<Long, Tally> tallies = new LinkedHashMap<>();
        Map<Long, Route> now = new HashMap<>();
        there().forEach(route -> {
            Tally tally = route.tally();
            tallies.putIfAbsent(tally.counter(), tally);
            now.putIfAbsent(tally.counter(), route);
        });
        Stream.concat(left.stream(), before.values().stream()).forEach(route -> {
            boolean goesOn = route.isUsed(); // first, so that bytes that come later are seen by the next call
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
                        remote.exposed().ports().stream().map(ExposedPort::route),
                        remote.exposed().allHosted().stream().map(Hosted::route)));
    }
}
