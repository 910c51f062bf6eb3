package io.portproxy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.usage.UsageQuery.Per;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Tests what is counted as usage, and when the counts are written to the store. */
class UsageTest {
    private static final UsageKey WEB = new UsageKey("home", "0.0.0.0:80");
    private static final UsageKey MAIL = new UsageKey("home", "0.0.0.0:25");
    private static final UsageSettings SETTINGS = UsageSettings.DEFAULT;

    private final TestClock clock = new TestClock("2026-01-31T22:30:00Z");
    private final Map<Long, Tally> counters = new HashMap<>();
    private final Kept kept = new Kept();
    private final Usage usage = new Usage(SETTINGS, kept, () -> List.copyOf(counters.values()), clock);

    /** A store that can be unavailable. */
    private static class Kept implements UsageStore {
        private final List<UsageBatch> batches = new ArrayList<>();
        private final List<Map<Span, Instant>> forgotten = new ArrayList<>();
        private boolean there = true;
        private boolean away;
        private boolean unsure;

        @Override
        public boolean isThere() {
            return there;
        }

        @Override
        public void add(UsageBatch batch) {
            if (away) {
                throw new UsageUnavailableException("away");
            }
            boolean known = batches.stream().anyMatch(before -> before.number() == batch.number());
            if (!known) {
                batches.add(batch);
            }
            if (unsure) {
                throw new UsageUnavailableException("the connection broke");
            }
        }

        @Override
        public Found find(UsageQuery query, long skip, int most) {
            List<UsageDelta> all =
                    batches.stream().flatMap(batch -> batch.deltas().stream()).toList();
            return MemoryUsage.find(all, query, skip, most);
        }

        @Override
        public List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most) {
            return MemoryUsage.findAfter(
                    batches.stream().flatMap(batch -> batch.deltas().stream()).toList(), query, after, most);
        }

        @Override
        public void forget(Map<Span, Instant> before) {
            forgotten.add(before);
        }
    }

    private void count(long counter, UsageKey key, long bytesIn) {
        counters.put(counter, new Tally(counter, key, new Amounts(bytesIn, 0, 1, 0)));
    }

    private void lookAndFlush() {
        usage.look();
        usage.flush();
    }

    private List<UsageRow> rows(Span by) {
        return rows(by, Per.PORT);
    }

    private List<UsageRow> rows(Span by, Per per) {
        UsageQuery query = new UsageQuery(
                by, Instant.EPOCH, clock.instant().plus(Duration.ofDays(400)), per, Optional.empty(), Optional.empty());
        return usage.find(query, 0, 100).rows();
    }

    private static UsageRow row(String begins, UsageKey key, long bytesIn, long connections) {
        return new UsageRow(Instant.parse(begins), key, new Amounts(bytesIn, 0, connections, 0));
    }

    @Test
    void keepsWhatHasComeSinceTheLastTime() {
        count(1, WEB, 100);
        lookAndFlush();
        lookAndFlush();
        count(1, WEB, 250);
        lookAndFlush();

        assertThat(kept.batches)
                .flatExtracting(UsageBatch::deltas)
                .extracting(delta -> delta.amounts().bytesIn())
                .containsExactly(100L, 150L);
    }

    @Test
    void knowsTheHourTheDayAndTheMonthInWhichItCame() {
        count(1, WEB, 1);
        lookAndFlush();
        clock.set("2026-01-31T23:59:59Z");
        count(1, WEB, 11);
        lookAndFlush();
        clock.set("2026-02-01T00:00:00Z");
        count(1, WEB, 111);
        lookAndFlush();

        assertThat(rows(Span.HOUR))
                .containsExactly(
                        row("2026-01-31T22:00:00Z", WEB, 1, 1),
                        row("2026-01-31T23:00:00Z", WEB, 10, 0),
                        row("2026-02-01T00:00:00Z", WEB, 100, 0));
        assertThat(rows(Span.DAY))
                .containsExactly(row("2026-01-31T00:00:00Z", WEB, 11, 1), row("2026-02-01T00:00:00Z", WEB, 100, 0));
        assertThat(rows(Span.MONTH))
                .containsExactly(row("2026-01-01T00:00:00Z", WEB, 11, 1), row("2026-02-01T00:00:00Z", WEB, 100, 0));
    }

    @Test
    void countsAPortThatWasAddedAgainOnceMore() {
        count(1, WEB, 100);
        lookAndFlush();
        counters.clear();
        count(2, WEB, 150); // a new counter, which started at 0
        lookAndFlush();

        assertThat(rows(Span.DAY)).containsExactly(row("2026-01-31T00:00:00Z", WEB, 250, 2));
    }

    @Test
    void neverCountsLessThanNothingNorTwice() {
        count(1, WEB, 100);
        lookAndFlush();
        count(1, WEB, 40);
        lookAndFlush();
        count(1, WEB, 110);
        lookAndFlush();

        assertThat(rows(Span.DAY)).containsExactly(row("2026-01-31T00:00:00Z", WEB, 110, 1));
    }

    @Test
    void sumsUpByRemoteAndServer() {
        count(1, WEB, 1);
        count(2, MAIL, 2);
        count(3, new UsageKey("away", "0.0.0.0:22"), 4);
        lookAndFlush();

        assertThat(rows(Span.DAY, Per.REMOTE))
                .containsExactly(
                        row("2026-01-31T00:00:00Z", new UsageKey("away", ""), 4, 1),
                        row("2026-01-31T00:00:00Z", new UsageKey("home", ""), 3, 2));
        assertThat(rows(Span.DAY, Per.SERVER)).containsExactly(row("2026-01-31T00:00:00Z", new UsageKey("", ""), 7, 3));
    }

    @Test
    void keepsLaterWhatCouldNotBeKept() {
        kept.away = true;
        count(1, WEB, 1);
        lookAndFlush();
        clock.add(Duration.ofHours(2));
        count(1, WEB, 3);
        lookAndFlush();

        assertThat(usage.view().waiting()).isEqualTo(2);
        assertThat(usage.view().failures()).isEqualTo(2);
        assertThat(usage.view().trouble()).contains("away");

        kept.away = false;
        lookAndFlush();

        assertThat(usage.view().waiting()).isZero();
        assertThat(usage.view().trouble()).isEmpty();
        assertThat(rows(Span.HOUR))
                .containsExactly(row("2026-01-31T22:00:00Z", WEB, 1, 1), row("2026-02-01T00:00:00Z", WEB, 2, 0));
    }

    @Test
    void triesTheSameBatchAgainIfNobodyKnowsWhetherItWasKept() {
        kept.unsure = true;
        count(1, WEB, 1);
        lookAndFlush();
        kept.unsure = false;
        count(1, WEB, 3);
        lookAndFlush();

        assertThat(kept.batches).extracting(UsageBatch::number).containsExactly(1L, 2L);
        assertThat(rows(Span.DAY)).containsExactly(row("2026-01-31T00:00:00Z", WEB, 3, 1));
    }

    @Test
    void showsWhatHasComeSinceTheStartWhereNothingIsKept() {
        kept.there = false;
        count(1, WEB, 5);
        lookAndFlush();

        assertThat(usage.isKept()).isFalse();
        assertThat(rows(Span.DAY)).containsExactly(row("2026-01-31T00:00:00Z", WEB, 5, 1));
        assertThat(kept.batches).isEmpty();
    }

    @Test
    void forgetsWhatIsOldOnceAnHour() {
        lookAndFlush();
        lookAndFlush();
        clock.set("2026-01-31T23:00:00Z");
        lookAndFlush();

        assertThat(kept.forgotten)
                .hasSize(2)
                .element(0)
                .isEqualTo(Map.of(
                        Span.HOUR, Instant.parse("2026-01-24T22:00:00Z"),
                        Span.DAY, Instant.parse("2025-10-03T00:00:00Z"),
                        Span.MONTH, Instant.parse("2021-01-01T00:00:00Z")));
    }

    /** With two timers, which drift apart, a killed process could lose more than one interval. */
    @Test
    void readsTheCountersEachTimeItWrites() {
        List<String> steps = new CopyOnWriteArrayList<>();
        UsageStore store = new Kept() {
            @Override
            public boolean isThere() {
                steps.add("write on " + Thread.currentThread().getName());
                return true;
            }
        };
        Counters counters = () -> {
            steps.add("read on " + Thread.currentThread().getName());
            return List.of();
        };
        UsageSettings often = new UsageSettings(
                Duration.ofMillis(100), SETTINGS.keepHours(), SETTINGS.keepDays(), SETTINGS.keepMonths(), 10);
        try (Usage timed = new Usage(often, store, counters, clock)) {
            timed.start();
            await().untilAsserted(() -> assertThat(steps)
                    .filteredOn(step -> step.endsWith(" on usage-writer"))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .startsWith(
                            "read on usage-writer",
                            "write on usage-writer",
                            "read on usage-writer",
                            "write on usage-writer"));
        }
    }

    @Test
    void keepsTheLastWhenItEnds() {
        count(1, WEB, 5);
        usage.close();

        assertThat(kept.batches).hasSize(1);
    }

    @Test
    void sumsUpPortsForWhichThereIsNoRoom() {
        Ledger ledger = new Ledger(1);
        List<UsageDelta> deltas = ledger.look(
                List.of(tally(1, WEB), tally(2, MAIL), tally(3, new UsageKey("away", "x"))), clock.instant());

        assertThat(deltas).hasSize(3);
        assertThat(ledger.take(10)).extracting(UsageDelta::key).containsExactly(WEB, UsageKey.OTHERS);
        clock.set("2026-02-01T00:00:00Z");
        ledger.look(List.of(tally(4, MAIL)), clock.instant());
        assertThat(ledger.take(10)).extracting(UsageDelta::key).containsExactly(MAIL);
    }

    @Test
    void dropsTheOldestIfTooMuchWaits() {
        Ledger ledger = new Ledger(10, 2);
        ledger.look(List.of(tally(1, WEB), tally(2, MAIL)), clock.instant());
        clock.add(Duration.ofHours(1));
        ledger.look(List.of(tally(3, WEB)), clock.instant());

        assertThat(ledger.size()).isEqualTo(2);
        assertThat(ledger.lost()).isEqualTo(1);
        assertThat(ledger.take(10))
                .extracting(UsageDelta::key, UsageDelta::hour)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(MAIL, Instant.parse("2026-01-31T22:00:00Z")),
                        org.assertj.core.groups.Tuple.tuple(WEB, Instant.parse("2026-01-31T23:00:00Z")));
    }

    @Test
    void knowsWhatHasPassedForQuotas() {
        UsageTotals totals = new UsageTotals(10);
        UsageBatch before = new UsageBatch(
                "before",
                1,
                List.of(
                        new UsageDelta(WEB, Instant.parse("2026-01-31T22:00:00Z"), new Amounts(1, 2, 0, 0)),
                        new UsageDelta(MAIL, Instant.parse("2026-01-02T03:00:00Z"), new Amounts(10, 20, 0, 0)),
                        new UsageDelta(WEB, Instant.parse("2025-12-31T23:00:00Z"), new Amounts(100, 200, 0, 0))));
        kept.batches.add(before);
        totals.load(kept, clock.instant());
        totals.add(
                List.of(new UsageDelta(WEB, Span.HOUR.begin(clock.instant()), new Amounts(4, 0, 0, 0))),
                clock.instant());

        UsageKey home = UsageTotals.ofRemote("home");
        assertThat(totals.bytes(WEB, Span.HOUR, clock.instant())).isEqualTo(7);
        assertThat(totals.stored(WEB, Span.HOUR, clock.instant())).isEqualTo(3);
        assertThat(totals.bytes(home, Span.DAY, clock.instant())).isEqualTo(7);
        assertThat(totals.bytes(home, Span.MONTH, clock.instant())).isEqualTo(37);

        clock.set("2026-01-31T23:00:00Z");
        assertThat(totals.bytes(WEB, Span.HOUR, clock.instant())).isZero();
        assertThat(totals.bytes(WEB, Span.DAY, clock.instant())).isEqualTo(7);
        clock.set("2026-02-01T00:00:00Z");
        assertThat(totals.bytes(home, Span.DAY, clock.instant())).isZero();
        assertThat(totals.bytes(home, Span.MONTH, clock.instant())).isZero();
        assertThat(totals.stored(home, Span.MONTH, clock.instant())).isZero();
    }

    private static Tally tally(long counter, UsageKey key) {
        return new Tally(counter, key, new Amounts(1, 0, 1, 0));
    }
}
