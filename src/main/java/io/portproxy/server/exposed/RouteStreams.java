package io.portproxy.server.exposed;

import io.portproxy.net.EventLoop;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.StreamTotals;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The counters of the streams of one route. Any thread. */
final class RouteStreams {
    private final Map<EventLoop, StreamTotals> totals = new ConcurrentHashMap<>(); // each written by its loop

    /** Returns the counters for streams on a loop. */
    StreamTotals on(EventLoop loop, Supplier<StreamTotals> fresh) {
        return totals.computeIfAbsent(loop, any -> fresh.get());
    }

    /** Whether these counters belong to the route. */
    boolean has(StreamTotals where) {
        return totals.containsValue(where);
    }

    StreamCounts counts() {
        return StreamCounts.sum(totals.values());
    }

    StreamDelays delays() {
        return StreamDelays.sum(
                totals.values().stream().map(StreamTotals::delays).toList());
    }
}
