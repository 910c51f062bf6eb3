package io.portproxy.server.exposed;

import io.portproxy.server.limits.LimitLevel;
import io.portproxy.server.limits.RouteLimits;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What an exposed address keeps when it gets another route to the same remote. Any thread.
 *
 * @param usedUp whether a quota is used up
 * @param ownLimits the limits of the address itself
 * @param limits the limits of all levels
 */
record AddressState(RouteCounters counters, AtomicBoolean usedUp, LimitLevel ownLimits, RouteLimits limits) {
    /**
     * Returns the state of a new address: the counters are 0, and it has no limits of its own.
     *
     * @param above the wider levels of limits that also apply, the widest first
     * @param nanoTime a clock in nanoseconds that only goes forward
     */
    static AddressState fresh(List<LimitLevel> above, LongSupplier nanoTime) {
        LimitLevel own = above.isEmpty()
                ? new LimitLevel(nanoTime, LimitLevel.MOST_USERS)
                : above.get(0).another();
        return new AddressState(
                new RouteCounters(),
                new AtomicBoolean(),
                own,
                RouteLimits.of(Stream.concat(above.stream(), Stream.of(own)).toList()));
    }
}
