package io.portproxy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** The results as Markdown that is also readable as plain text. */
final class Report {
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private Report(Results results) {
        this.results = results;
    }

    /** Returns all medians, the ratios, and what was skipped or failed. */
    static String of(Results results) {
        return new Report(results).write();
    }

    private String write() {
        for (String group : results.groups()) {
            writeGroup(group);
        }
        writeGoals();
        writeBaseline();
        results.skipped()
                .forEach((what, reason) ->
                        text.append("\nSkipped: ").append(what).append(": ").append(reason));
        results.failures().forEach(failure -> text.append("\nFAILED: ").append(failure));
        return text.append('\n').toString();
    }

    /** Writes a table for each metric, with a row for each case. If there is only one case, writes one table with a row for each metric. */
    private void writeGroup(String group) {
        Set<String> scenarios = results.scenarios(group);
        List<String> contenders = results.contenders(scenarios);
        List<String> metrics = results.metrics(scenarios);
        if (scenarios.size() == 1) {
            String scenario = scenarios.iterator().next();
            List<List<String>> rows = new ArrayList<>();
            for (String metric : metrics) {
                rows.add(row(metric, scenario, contenders, metric));
            }
            writeTable(group, contenders, rows);
            return;
        }
        for (String metric : metrics) {
            List<List<String>> rows = new ArrayList<>();
            for (String scenario : scenarios) {
                List<String> row = row(scenario, scenario, contenders, metric);
                if (row.stream().skip(1).anyMatch(cell -> !cell.isEmpty())) {
                    rows.add(row);
                }
            }
            writeTable(group + ": " + metric, contenders, rows);
        }
    }

    private List<String> row(String head, String scenario, List<String> contenders, String metric) {
        List<String> row = new ArrayList<>(List.of(head));
        for (String contender : contenders) {
            OptionalDouble median = results.median(scenario, contender, metric);
            row.add(median.isPresent() ? number(median.getAsDouble()) : "");
        }
        return row;
    }

    private void writeGoals() {
        List<List<String>> rows = new ArrayList<>();
        for (Goal goal : Goal.all()) {
            OptionalDouble outcome = goal.outcome(results);
            if (outcome.isPresent()) {
                double value = outcome.getAsDouble();
                rows.add(List.of(
                        goal.text(),
                        number(value),
                        (goal.atLeast() ? "≥ " : "≤ ") + number(goal.limit()),
                        goal.isMetBy(value) ? "yes" : "no"));
            }
        }
        if (!rows.isEmpty()) {
            writeTable("ratios of medians", List.of("is", "wanted", "reached"), rows);
        }
    }

    private void writeBaseline() {
        List<List<String>> rows = new ArrayList<>();
        for (BaselineRatio ratio : BaselineRatio.all(results)) {
            rows.add(List.of(
                    ratio.text(),
                    number(ratio.value()),
                    ratio.wanted().map(limit -> limit.text(Report::number)).orElse(""),
                    ratio.wanted()
                            .map(limit -> limit.isMetBy(ratio.value()) ? "yes" : "no")
                            .orElse("")));
        }
        if (!rows.isEmpty()) {
            writeTable("ratios of medians to the baseline", List.of("is", "wanted", "reached"), rows);
        }
    }

    private void writeTable(String title, List<String> heads, List<List<String>> rows) {
        List<String> head = new ArrayList<>(List.of(""));
        head.addAll(heads);
        int[] widths = new int[head.size()];
        List<List<String>> all = new ArrayList<>(List.of(head));
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.max(2, row.get(i).length()));
            }
        }
        text.append("\n**").append(title).append("**\n\n");
        for (int line = 0; line < all.size(); line++) {
            for (int i = 0; i < widths.length; i++) {
                String cell = all.get(line).get(i);
                String blanks = " ".repeat(widths[i] - cell.length());
                text.append("| ").append(i == 0 ? cell + blanks : blanks + cell).append(' ');
            }
            text.append("|\n");
            if (line == 0) {
                for (int i = 0; i < widths.length; i++) {
                    String dashes = "-".repeat(widths[i]);
                    text.append(i == 0 ? "|" + dashes + "--" : "|" + dashes + "-:");
                }
                text.append("|\n");
            }
        }
    }

    /** Formats a number with at most three significant digits. */
    private static String number(double value) {
        int decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
