package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoopStatsTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    private long now = Long.MAX_VALUE - MINUTE; // the clock may wrap
    private final LoopStats stats = new LoopStats("loop", () -> now, () -> 3);

    private void turn(long nanos) {
        long began = now;
        stats.turnBegan(began);
        now += nanos;
        stats.turnEnded(began, now);
    }

    private static void hold(CountDownLatch release) {
        try {
            release.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void remembersTheLongestTurnForAMinuteOrTwo() {
        turn(500);
        turn(100);
        assertThat(stats.longestTurn()).isEqualTo(500);
        now += MINUTE;
        turn(100);
        assertThat(stats.longestTurn()).isEqualTo(500);
        now += MINUTE;
        turn(70);
        assertThat(stats.longestTurn()).isEqualTo(100);
        now += 2 * MINUTE;
        assertThat(stats.longestTurn()).isZero(); // although there was no turn since
        turn(30);
        assertThat(stats.longestTurn()).isEqualTo(30);
        assertThat(stats.turns().count()).isEqualTo(5);
        assertThat(stats.turns().sumNanos()).isEqualTo(800);
        assertThat(stats.tasks()).isEqualTo(3);
    }

    @Test
    void seesATurnThatDoesNotEnd() throws Exception {
        LoopStats ofLoop = loops.group().stats().get(0);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        loops.loop().execute(() -> {
            stuck.countDown();
            hold(release);
        });
        stuck.await();

        await().until(() -> ofLoop.longestTurn() > TimeUnit.MILLISECONDS.toNanos(50));
        loops.loop().execute(() -> {});
        assertThat(ofLoop.tasks()).isEqualTo(1);
        release.countDown();

        await().until(() -> ofLoop.turns().sumNanos() > TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(ofLoop.tasks()).isZero();
    }

    @Test
    void waitingIsNoTurn() throws Exception {
        LoopStats ofLoop = loops.group().stats().get(0);
        loops.call(() -> loops.loop().timers().after(TimeUnit.MILLISECONDS.toNanos(200), () -> {}));

        await().until(() -> ofLoop.lags().count() == 1);

        assertThat(ofLoop.longestTurn()).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void countsTasksThatAreRefused() throws Exception {
        LoopStats ofLoop = loops.group().stats().get(0);
        CountDownLatch release = new CountDownLatch(1);
        loops.loop().execute(() -> hold(release));
        await().until(() -> ofLoop.tasks() == 0);
        for (int i = 0; i < EventLoop.MAX_TASKS; i++) {
            loops.loop().execute(() -> {});
        }

        assertThat(loops.loop().tryExecute(() -> {})).isFalse();

        assertThat(ofLoop.tasksRefused()).isEqualTo(1);
        release.countDown();
    }
}
