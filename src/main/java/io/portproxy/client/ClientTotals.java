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

/** The counters of a remote's tunnels. Tunnels that no longer exist are included. Any thread. */
final class ClientTotals {
    private final Map<EventLoop, StreamTotals> totals = new ConcurrentHashMap<>();
    private final TunnelTotals tunnels = new TunnelTotals();
    private final DatagramTotals datagrams = new DatagramTotals();
    private final AskedTargets asked;
    private final LongAdder failures = new LongAdder();
    private volatile Optional<String> lastFailure = Optional.empty();

    ClientTotals(AskedTargets asked) {
        this.asked = asked;
    }

    /** Returns the targets that the server has asked for. */
    AskedTargets asked() {
        return asked;
    }

    /** Returns the counters for streams on a loop. Only that loop counts in them. */
    StreamTotals of(EventLoop loop) {
        return totals.computeIfAbsent(loop, any -> StreamTotals.ofRemote());
    }

    /** Returns the counters for datagrams. */
    DatagramTotals datagrams() {
        return datagrams;
    }

    /** Returns the counters for tunnels. */
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

    /** Returns how often a tunnel was lost, or an attempt failed. */
    long failures() {
        return failures.sum();
    }

    /** Returns the reason of the last failure. */
    Optional<String> lastFailure() {
        return lastFailure;
    }
}
