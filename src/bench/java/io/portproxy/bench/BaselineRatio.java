package io.portproxy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * The median of the built jar divided by the median of the baseline.
 *
 * @param text the compared values
 * @param wanted the limit for results that count as equally good; empty if the values vary too much for a limit
 */
record BaselineRatio(String text, double value, Optional<Limit> wanted) {
    private static final Map<String, String> PAIRS = new TreeMap<>(Map.of(
            PortProxyPair.PLAIN, PortProxyPair.BASELINE,
            PortProxyPair.TLS, PortProxyPair.BASELINE_TLS));
    private static final double AS_GOOD = 0.97;
    private static final Limit MORE = new Limit(true, AS_GOOD);
    private static final Limit LESS = new Limit(false, 1 / AS_GOOD);

    /** The smallest or the largest acceptable ratio. */
    record Limit(boolean atLeast, double value) {
        /** Returns whether a ratio is good enough. */
        boolean isMetBy(double ratio) {
            return atLeast ? ratio >= value : ratio <= value;
        }

        String text(DoubleFunction<String> number) {
            return (atLeast ? "≥ " : "≤ ") + number.apply(value);
        }
    }

    /** Returns the ratios of all values that were measured on both; empty without a baseline. */
    static List<BaselineRatio> all(Results results) {
        List<BaselineRatio> all = new ArrayList<>();
        PAIRS.forEach((built, baseline) -> {
            for (String group : results.groups()) {
                for (String scenario : results.scenarios(group)) {
                    for (String metric : results.metrics(Set.of(scenario))) {
                        OptionalDouble top = results.median(scenario, built, metric);
                        OptionalDouble bottom = results.median(scenario, baseline, metric);
                        if (top.isPresent() && bottom.isPresent()) {
                            all.add(new BaselineRatio(
                                    "%s, %s: %s to %s".formatted(scenario, metric, built, baseline),
                                    top.getAsDouble() / bottom.getAsDouble(),
                                    wanted(scenario, metric)));
                        }
                    }
                }
            }
        });
        return all;
    }

    private static Optional<Limit> wanted(String scenario, String metric) {
        return switch (metric) {
            case Metric.RATE -> Optional.of(MORE);
            case Metric.GIGABITS -> Optional.of(MORE).filter(limit -> scenario.startsWith("bulk-"));
            case Metric.P50 -> Optional.of(LESS).filter(limit -> scenario.equals(Scenarios.PING_PONG));
            default -> Optional.empty();
        };
    }
}
