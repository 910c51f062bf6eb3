package io.portproxy.server.exposed;

import io.portproxy.net.EventLoop;
import io.portproxy.tunnel.telemetry.LastDenial;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.StreamTotals;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The counters of the streams of one route. Any thread. */
public final class RouteStreams {
    private final String port;
    private final String target;
    private final boolean range;
    private final LastDenial denial = new LastDenial();
    private final Map<EventLoop, StreamTotals> totals = new ConcurrentHashMap<>(); // each written by its loop

    /**
     * @param port what users connect to, as text for people
     * @param target the target as the remote sees it
     * @param range whether there are several ports, each with a target
     */
    RouteStreams(String port, String target, boolean range) {
        this.port = port;
        this.target = target;
        this.range = range;
    }

    /** Returns the counters for streams on a loop. */
    public StreamTotals on(EventLoop loop) {
        return totals.computeIfAbsent(loop, any -> StreamTotals.ofPort(port, target, range, denial));
    }

    /** Whether these counters belong to the route, so that the streams they count came by it. */
    public boolean has(StreamTotals where) {
        return totals.containsValue(where);
    }

    /** The counts of the streams on all loops. */
    public StreamCounts counts() {
        return StreamCounts.sum(totals.values());
    }

    StreamDelays delays() {
        return StreamDelays.sum(
                totals.values().stream().map(StreamTotals::delays).toList());
    }

    /** When the remote last refused the target; empty if it has not. */
    Optional<Instant> lastDenial() {
        return denial.at();
    }
}
