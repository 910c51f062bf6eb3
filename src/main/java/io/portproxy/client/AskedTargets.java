package io.portproxy.client;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The targets that the server has asked for, and how often they were denied. The number of targets is limited: a new target replaces the
 * one that the server has not asked for for the longest time. Any thread. A target that is already known is counted without a lock.
 */
final class AskedTargets {
    private final int limit;
    private final Clock clock;
    private final Map<String, Counts> targets = new ConcurrentHashMap<>();
    private final LongAdder forgotten = new LongAdder();

    /** @param limit the largest number of targets; positive */
    AskedTargets(int limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
    }

    private static final class Counts {
        private final LongAdder asked = new LongAdder();
        private final LongAdder denied = new LongAdder();
        private volatile long askedMillis;
        private volatile long deniedMillis;

        private Counts(long now) {
            askedMillis = now;
        }

        private AskedTarget view(String target) {
            long count = denied.sum();
            return new AskedTarget(
                    target,
                    asked.sum(),
                    count,
                    Instant.ofEpochMilli(askedMillis),
                    count == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(deniedMillis)));
        }
    }

    void allowed(String target) {
        long now = clock.millis();
        count(target, now);
    }

    void denied(String target) {
        long now = clock.millis();
        Counts counts = count(target, now);
        counts.deniedMillis = now; // set before the count, because a count above 0 says that the time is set
        counts.denied.increment();
    }

    private Counts count(String target, long now) {
        Counts known = targets.get(target);
        Counts counts = known == null ? remember(target, now) : known;
        counts.askedMillis = now;
        counts.asked.increment();
        return counts;
    }

    private synchronized Counts remember(String target, long now) {
        if (targets.size() >= limit && !targets.containsKey(target)) {
            targets.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().askedMillis))
                    .map(Map.Entry::getKey)
                    .ifPresent(targets::remove);
            forgotten.increment();
        }
        return targets.computeIfAbsent(target, any -> new Counts(now));
    }

    /** Returns the remembered targets. The target that the server asked for last comes first. */
    List<AskedTarget> view() {
        return targets.entrySet().stream()
                .map(entry -> entry.getValue().view(entry.getKey()))
                .sorted(Comparator.comparing(AskedTarget::lastAsked).reversed().thenComparing(AskedTarget::target))
                .toList();
    }

    /** Returns the number of targets that were replaced by others. */
    long forgotten() {
        return forgotten.sum();
    }
}
