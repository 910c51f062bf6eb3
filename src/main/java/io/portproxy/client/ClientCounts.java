package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.StreamTotals;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a remote's tunnels have come to, those that are no longer wanted among them. Any thread. */
final class ClientCounts {
    private final Map<EventLoop, StreamTotals> totals = new ConcurrentHashMap<>();
    private final TunnelTotals tunnels = new TunnelTotals();
    private final DatagramTotals datagrams = new DatagramTotals();
    private final AskedTargets asked;
    private final LongAdder failures = new LongAdder();
    private volatile Optional<String> lastFailure = Optional.empty();

    ClientCounts(AskedTargets asked) {
        this.asked = asked;
    }

    /** What the server has asked for. */
    AskedTargets asked() {
        return asked;
    }

    /** Where the streams on a loop are counted, by that loop. */
    StreamTotals of(EventLoop loop) {
        return totals.computeIfAbsent(loop, any -> StreamTotals.ofRemote());
    }

    /** Where datagrams are counted. */
    DatagramTotals datagrams() {
        return datagrams;
    }

    /** Where tunnels are counted. */
    TunnelTotals tunnels() {
        return tunnels;
    }

    StreamCounts streams() {
        return StreamCounts.sum(totals.values());
    }

    StreamDelays delays() {
        return StreamDelays.sum(
                totals.values().stream().map(StreamTotals::delays).toList());
    }

    void failed(String why) {
        failures.increment();
        lastFailure = Optional.of(why);
    }

    /** How often a tunnel was lost, or did not come up. */
    long failures() {
        return failures.sum();
    }

    /** Why, the last time. */
    Optional<String> lastFailure() {
        return lastFailure;
    }
}
