package io.portproxy.usage;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds rows among those that wait in memory. If there is no store, no other rows exist. */
final class MemoryUsage {
    private static final Comparator<UsageRow> ORDER = Comparator.comparing(UsageRow::begins)
            .thenComparing(row -> row.key().remote())
            .thenComparing(row -> row.key().port());

    private MemoryUsage() {}

    static UsageStore.Found find(List<UsageDelta> waiting, UsageQuery query, long skip, int most) {
        List<UsageRow> rows = rows(waiting, query);
        return new UsageStore.Found(rows.stream().skip(skip).limit(most).toList(), rows.size());
    }

    static List<UsageRow> findAfter(List<UsageDelta> waiting, UsageQuery query, Optional<UsageRow> after, int most) {
        return rows(waiting, query).stream()
                .filter(row -> after.isEmpty() || ORDER.compare(row, after.get()) > 0)
                .limit(most)
                .toList();
    }

    private static List<UsageRow> rows(List<UsageDelta> waiting, UsageQuery query) {
        Map<UsageRow, Amounts> sums = new HashMap<>(); // the keys are rows without amounts
        for (UsageDelta delta : waiting) {
            Instant begins = query.by().begin(delta.hour());
            if (!begins.isBefore(query.from()) && begins.isBefore(query.to()) && query.matches(delta.key())) {
                sums.merge(
                        new UsageRow(begins, query.per().keyOf(delta.key()), Amounts.NONE),
                        delta.amounts(),
                        Amounts::plus);
            }
        }
        return sums.entrySet().stream()
                .map(sum -> new UsageRow(sum.getKey().begins(), sum.getKey().key(), sum.getValue()))
                .sorted(ORDER)
                .toList();
    }
}
