package io.portproxy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** All values of a run, by group, case, contender and metric, in the order of their first appearance. */
final class Results {
    private record Key(String scenario, String contender, String metric) {}

    private final Map<String, Set<String>> groups = new LinkedHashMap<>();
    private final Map<Key, List<Double>> values = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();

    /** Adds the values of one measurement. */
    void add(String group, String scenario, String contender, Map<String, Double> outcome) {
        groups.computeIfAbsent(group, name -> new LinkedHashSet<>()).add(scenario);
        outcome.forEach((metric, value) -> values.computeIfAbsent(
                        new Key(scenario, contender, metric), key -> new ArrayList<>())
                .add(value));
    }

    /** Records that a measurement failed, or that its bytes were wrong. */
    void fail(String scenario, String contender, Exception cause) {
        String message = cause instanceof BenchException ? cause.getMessage() : cause.toString();
        failures.add(scenario + ", " + contender + ": " + message);
    }

    /** Records that something was not tried, and why. */
    void skip(String what, String reason) {
        skipped.put(what, reason);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    Map<String, String> skipped() {
        return skipped;
    }

    Set<String> groups() {
        return groups.keySet();
    }

    Set<String> scenarios(String group) {
        return groups.get(group);
    }

    /** Returns the contenders that have a value in one of those cases. */
    List<String> contenders(Set<String> scenarios) {
        return values.keySet().stream()
                .filter(key -> scenarios.contains(key.scenario()))
                .map(Key::contender)
                .distinct()
                .toList();
    }

    /** Returns the metrics that were measured in one of those cases. */
    List<String> metrics(Set<String> scenarios) {
        return values.keySet().stream()
                .filter(key -> scenarios.contains(key.scenario()))
                .map(Key::metric)
                .distinct()
                .toList();
    }

    /** Returns the values, one for each round; empty if nothing was measured. */
    List<Double> values(String scenario, String contender, String metric) {
        return values.getOrDefault(new Key(scenario, contender, metric), List.of());
    }

    /** Returns the median over the rounds; empty if there is no value. */
    OptionalDouble median(String scenario, String contender, String metric) {
        double[] sorted = values(scenario, contender, metric).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
