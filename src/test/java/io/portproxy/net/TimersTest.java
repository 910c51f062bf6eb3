package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {
    private final List<String> ran = new ArrayList<>();
    private long now = 1_000;
    private final LoopStats stats = new LoopStats("loop", () -> now, () -> 0);
    private final Timers timers = new Timers(() -> now, stats, new Guard(stats));

    @Test
    void runInTheOrderOfTheirDeadlines() {
        after(30, "c");
        after(10, "a");
        after(20, "b");

        pass(100);

        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void runInTheOrderOfTheirSettingAtTheSameInstant() {
        after(10, "a");
        after(10, "b");
        pass(5);
        after(5, "c");

        pass(5);

        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void runOnceAndNotBeforeTheirTime() {
        after(10, "a");

        pass(9);
        assertThat(ran).isEmpty();
        pass(1);
        assertThat(ran).containsExactly("a");
        pass(1000);

        assertThat(ran).containsExactly("a");
    }

    @Test
    void doNotRunWhenCancelled() {
        Timers.Timer cancelled = after(10, "a");
        after(10, "b");

        cancelled.cancel();
        pass(10);

        assertThat(ran).containsExactly("b");
        assertThat(timers.millisToNext()).isZero();
    }

    @Test
    void canBeCancelledAgainAndAfterTheyRan() {
        Timers.Timer timer = after(10, "a");
        pass(10);

        timer.cancel();
        timer.cancel();
        after(10, "b");
        pass(10);

        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void canBeCancelledByAnotherDueAtTheSameInstant() {
        List<Timers.Timer> later = new ArrayList<>();
        timers.after(10, () -> later.forEach(Timers.Timer::cancel));
        later.add(after(10, "a"));
        after(10, "b");

        pass(10);

        assertThat(ran).containsExactly("b");
    }

    @Test
    void canSetOthers() {
        timers.after(10, () -> {
            ran.add("first");
            after(10, "second");
        });

        pass(10);
        assertThat(ran).containsExactly("first");
        pass(9);
        assertThat(ran).containsExactly("first");
        pass(1);

        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void goOnWhenOneFails() {
        timers.after(10, () -> {
            throw new IllegalStateException("on purpose");
        });
        after(10, "a");

        pass(10);

        assertThat(ran).containsExactly("a");
    }

    @Test
    void keepTheirOrderWhereTheClockWraps() {
        now = Long.MAX_VALUE - 10;
        after(30, "behind");
        after(5, "before");
        after(11, "at the wrap");

        pass(4);
        assertThat(ran).isEmpty();
        pass(1);
        assertThat(ran).containsExactly("before");
        pass(6);
        assertThat(now).isEqualTo(Long.MIN_VALUE);
        assertThat(ran).containsExactly("before", "at the wrap");
        pass(18);
        assertThat(ran).hasSize(2);
        pass(1);

        assertThat(ran).containsExactly("before", "at the wrap", "behind");
    }

    @Test
    void tellHowLongToWait() {
        assertThat(timers.millisToNext()).isZero();
        after(5_000_000, "a");
        assertThat(timers.millisToNext()).isEqualTo(5);
        Timers.Timer sooner = after(1_000_001, "b");
        assertThat(timers.millisToNext()).isEqualTo(2); // 1 would wake too early
        sooner.cancel();
        assertThat(timers.millisToNext()).isEqualTo(5);
    }

    @Test
    void neverTellTheLoopToWaitForEverOrNotAtAllWhileOneWaits() {
        after(1, "a");
        assertThat(timers.millisToNext()).isEqualTo(1);
        now += 1;
        assertThat(timers.millisToNext()).isEqualTo(1);
        now += 3_600_000_000_000L;
        assertThat(timers.millisToNext()).isEqualTo(1);
    }

    @Test
    void tellHowLongToWaitAcrossTheWrap() {
        now = Long.MAX_VALUE - 1_000_000;
        after(3_000_000, "a");

        assertThat(timers.millisToNext()).isEqualTo(3);
    }

    @Test
    void behaveAsASortedListUnderRandomUse() {
        for (int seed = 0; seed < 200; seed++) {
            compareWithAList(new Random(seed));
        }
    }

    private void compareWithAList(Random random) {
        record Expected(long deadline, int number, Timers.Timer timer) {}
        now = random.nextLong();
        List<Integer> done = new ArrayList<>();
        List<Expected> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    long delay = random.nextInt(50);
                    Timers.Timer timer = timers.after(delay, () -> done.add(number));
                    waiting.add(new Expected(delay + now, number, timer));
                }
                case 2 -> {
                    if (!waiting.isEmpty()) {
                        waiting.remove(random.nextInt(waiting.size())).timer().cancel();
                    }
                }
                default -> {
                    done.clear();
                    pass(random.nextInt(20));
                    List<Integer> due = waiting.stream()
                            .filter(each -> each.deadline() - now <= 0)
                            .sorted(Comparator.<Expected>comparingLong(each -> each.deadline() - now)
                                    .thenComparing(Expected::number))
                            .map(Expected::number)
                            .toList();
                    waiting.removeIf(each -> each.deadline() - now <= 0);
                    assertThat(done).isEqualTo(due);
                }
            }
        }
        pass(50);
        assertThat(timers.millisToNext()).isZero();
    }

    private Timers.Timer after(long nanos, String name) {
        return timers.after(nanos, () -> ran.add(name));
    }

    private void pass(long nanos) {
        now += nanos;
        timers.runDue();
    }
}
