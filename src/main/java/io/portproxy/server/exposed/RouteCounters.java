package io.portproxy.server.exposed;

import io.portproxy.net.EventLoop;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.server.exposed.user.RequestCounts;
import io.portproxy.server.exposed.user.RequestTotals;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.usage.Amounts;
import io.portproxy.usage.Tally;
import io.portproxy.usage.UsageKey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters that a route passes on to the route that replaces it: refused users, requests, datagrams, and the streams of the routes before.
 * Any thread.
 */
final class RouteCounters {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet(); // of these counters in this process
    private final Map<EventLoop, RequestTotals> requests =
            new ConcurrentHashMap<>(); // each is written only by its loop
    private final Map<PortRefusal, LongAdder> refused = new EnumMap<>(PortRefusal.class);
    private final Map<String, LongAdder> turnedAway = new ConcurrentHashMap<>();
    private final DatagramTotals datagrams = new DatagramTotals();
    private final FormerTotals former = new FormerTotals();

    RouteCounters() {
        for (PortRefusal why : PortRefusal.values()) {
            refused.put(why, new LongAdder());
        }
    }

    /** Counts a user who is refused. */
    void refused(PortRefusal why) {
        Objects.requireNonNull(refused.get(why)).increment();
    }

    /** Counts a user whom an access list, a ban, a header check or the login has refused, by a short key. */
    void turnedAway(String why) {
        turnedAway.computeIfAbsent(why, any -> new LongAdder()).increment();
    }

    /** Returns how many users were refused, by the key of the reason; without the reasons that have not occurred. */
    Map<String, Long> refusedByKey() {
        Map<String, Long> byKey = new HashMap<>();
        refused.forEach((why, count) -> {
            if (count.sum() > 0) {
                byKey.put(why.key(), count.sum());
            }
        });
        turnedAway.forEach((why, count) -> byKey.put(why, count.sum()));
        return byKey;
    }

    /** Returns the counters for requests on a loop. */
    RequestTotals requests(EventLoop loop) {
        return requests.computeIfAbsent(loop, any -> new RequestTotals());
    }

    /** Returns the counts of requests on all loops. */
    RequestCounts requestCounts() {
        return RequestCounts.sum(
                requests.values().stream().map(RequestTotals::counts).toList());
    }

    /** The counters for datagrams. */
    DatagramTotals datagrams() {
        return datagrams;
    }

    /** The streams of the routes before the current one. */
    FormerTotals former() {
        return former;
    }

    /**
     * Returns the counts for the records of usage.
     *
     * @param current the streams of the current route
     */
    Tally tally(UsageKey key, RouteStreams current) {
        StreamCounts counts = former.countsWith(current);
        long users = refusedByKey().values().stream().mapToLong(Long::longValue).sum();
        return new Tally(number, key, new Amounts(counts.bytesIn(), counts.bytesOut(), counts.opened(), users));
    }
}
