package io.portproxy.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** The results as JSON (RFC 8259). It contains the values of all rounds beside their median. */
final class Json {
    private Json() {}

    /**
     * Returns all results.
     *
     * @param environment the machine and the programs of the measurement, as names and texts
     */
    static String of(Results results, Map<String, String> environment) {
        Map<String, Object> cases = new LinkedHashMap<>();
        for (String group : results.groups()) {
            for (String scenario : results.scenarios(group)) {
                Map<String, Object> contenders = new LinkedHashMap<>();
                for (String contender : results.contenders(Set.of(scenario))) {
                    contenders.put(contender, metrics(results, scenario, contender));
                }
                cases.put(scenario, Map.of("group", group, "contenders", contenders));
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("environment", environment);
        all.put("cases", cases);
        all.put("ratios", ratios(results));
        all.put("baseline", baseline(results));
        all.put("skipped", results.skipped());
        all.put("failures", results.failures());
        return text(all) + "\n";
    }

    private static Map<String, Object> metrics(Results results, String scenario, String contender) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        for (String metric : results.metrics(Set.of(scenario))) {
            OptionalDouble median = results.median(scenario, contender, metric);
            if (median.isPresent()) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("median", median.getAsDouble());
                entry.put("rounds", results.values(scenario, contender, metric));
                metrics.put(metric, entry);
            }
        }
        return metrics;
    }

    private static List<Map<String, Object>> ratios(Results results) {
        return Goal.all().stream()
                .filter(goal -> goal.outcome(results).isPresent())
                .map(goal -> {
                    double outcome = goal.outcome(results).getAsDouble();
                    Map<String, Object> entry = new LinkedHashMap<>();
                    entry.put("ratio", goal.text());
                    entry.put("is", outcome);
                    entry.put(goal.atLeast() ? "atLeast" : "atMost", goal.limit());
                    entry.put("reached", goal.isMetBy(outcome));
                    return entry;
                })
                .toList();
    }

    private static List<Map<String, Object>> baseline(Results results) {
        return BaselineRatio.all(results).stream()
                .map(ratio -> {
                    Map<String, Object> entry = new LinkedHashMap<>();
                    entry.put("ratio", ratio.text());
                    entry.put("value", ratio.value());
                    ratio.wanted().ifPresent(limit -> {
                        entry.put("wanted", limit.text(Double::toString));
                        entry.put("reached", limit.isMetBy(ratio.value()));
                    });
                    return entry;
                })
                .toList();
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quoted(entry.getKey().toString()) + ": " + text(entry.getValue()))
                    .collect(Collectors.joining(",\n", "{", "}"));
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Json::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number.toString() : "null";
        }
        return value instanceof Boolean ? value.toString() : quoted(value.toString());
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
