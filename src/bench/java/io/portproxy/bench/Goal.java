package io.portproxy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A ratio that the project wants to reach. A goal that is not reached is reported, and is not an error.
 *
 * @param text the compared values
 * @param value the numerator
 * @param base the denominator; empty if the value is itself a ratio, or has an absolute limit
 * @param atLeast whether the limit is the smallest acceptable value; if not, it is the largest
 */
record Goal(String text, Point value, Optional<Point> base, boolean atLeast, double limit) {
    /** A value in the results. */
    record Point(String scenario, String contender, String metric) {
        OptionalDouble in(Results results) {
            return results.median(scenario, contender, metric);
        }
    }

    /** Returns the ratio of the medians; empty unless both were measured. */
    OptionalDouble outcome(Results results) {
        OptionalDouble top = value.in(results);
        OptionalDouble bottom = base.map(point -> point.in(results)).orElse(OptionalDouble.of(1));
        if (top.isEmpty() || bottom.isEmpty()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(top.getAsDouble() / bottom.getAsDouble());
    }

    /** Returns whether the outcome is good enough. */
    boolean isMetBy(double outcome) {
        return atLeast ? outcome >= limit : outcome <= limit;
    }

    /** Returns all goals, in the order of the report. */
    static List<Goal> all() {
        List<Goal> all = new ArrayList<>();
        String plain = PortProxyPair.PLAIN;
        String tls = PortProxyPair.TLS;
        String haproxy = HaProxyChain.NAME;
        for (int streams : new int[] {1, 8, 64}) {
            for (boolean down : new boolean[] {false, true}) {
                String bulk = Scenarios.bulkName(streams, down);
                all.add(ratio(bulk, Metric.GIGABITS, plain, haproxy, true, 1.25));
                all.add(ratio(bulk, Metric.CPU_PER_GIB, plain, haproxy, false, 1));
                all.add(ratio(bulk, Metric.GIGABITS, tls, SshReverse.NAME, true, 1.1));
                all.add(ratio(bulk, Metric.GIGABITS, tls, plain, true, 0.75));
            }
        }
        all.add(ratio(Scenarios.httpName(1, true), Metric.RATE, plain, haproxy, true, 1.1));
        all.add(ratio(Scenarios.httpName(50, true), Metric.RATE, plain, haproxy, true, 1.15));
        all.add(ratio(Scenarios.httpName(50, true), Metric.P99, plain, haproxy, false, 1));
        for (int connections : new int[] {1, 50, 500}) {
            all.add(ratio(Scenarios.httpName(connections, false), Metric.RATE, plain, haproxy, true, 1.3));
        }
        all.add(ratio(Scenarios.GATEWAY_KEEP_ALIVE, Metric.RATE, PortProxyPair.GATEWAY, haproxy, true, 1));
        all.add(ratio(Scenarios.GATEWAY_DOWNLOAD, Metric.GIGABITS, PortProxyPair.GATEWAY, haproxy, true, 1));
        for (int size : Scenarios.DATAGRAMS) {
            String datagrams = Scenarios.datagramsName(size);
            all.add(ratio(datagrams, Metric.DATAGRAMS, plain, NginxChain.NAME, true, 1));
        }
        for (String contender : List.of(plain, tls)) {
            all.add(single(Scenarios.HTTP_TYPE, Metric.SECOND_TO_FIRST, contender, true, 0.9));
            all.add(single(Scenarios.STALLED, Metric.SECOND_TO_FIRST, contender, true, 0.95));
            all.add(besideBulk(contender));
            for (int streams : new int[] {64, 500}) {
                all.add(growth(contender, streams));
            }
            for (PathProfile profile : LongPath.profiles()) {
                all.add(ratio(LongPath.name(profile, 1), "Mbit/s", contender, Direct.NAME, true, 0.9));
                all.add(single(LongPath.pingName(profile), LongPath.ROUND_TRIPS_P99, contender, false, 2));
            }
            all.add(single(IdleStreams.NAME, IdleStreams.SERVER_BYTES, contender, false, 4096));
            all.add(single(IdleStreams.NAME, IdleStreams.CLIENT_BYTES, contender, false, 4096));
        }
        return all;
    }

    private static Goal ratio(
            String scenario, String metric, String top, String bottom, boolean atLeast, double limit) {
        return new Goal(
                "%s, %s: %s to %s".formatted(scenario, metric, top, bottom),
                new Point(scenario, top, metric),
                Optional.of(new Point(scenario, bottom, metric)),
                atLeast,
                limit);
    }

    private static Goal single(String scenario, String metric, String contender, boolean atLeast, double limit) {
        return new Goal(
                "%s, %s: %s".formatted(scenario, metric, contender),
                new Point(scenario, contender, metric),
                Optional.empty(),
                atLeast,
                limit);
    }

    private static Goal besideBulk(String contender) {
        return new Goal(
                "%s, %s: %s to direct alone".formatted(Scenarios.BESIDE_BULK, Metric.P99, contender),
                new Point(Scenarios.BESIDE_BULK, contender, Metric.P99),
                Optional.of(new Point(Scenarios.PING_PONG, Direct.NAME, Metric.P99)),
                false,
                3);
    }

    private static Goal growth(String contender, int streams) {
        return new Goal(
                "growth, %s: %s, %d streams to 8".formatted(Metric.GIGABITS, contender, streams),
                new Point(Scenarios.growthName(streams), contender, Metric.GIGABITS),
                Optional.of(new Point(Scenarios.growthName(8), contender, Metric.GIGABITS)),
                true,
                0.9);
    }
}
