package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.LogRecorder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventLoopStopTest {
    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    @Test
    void refusesTasksOnceStopped() {
        EventLoop loop = loops.loop();
        loops.group().close();

        assertThatThrownBy(() -> loop.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("has stopped");
        assertThat(loop.tryExecute(() -> {})).isFalse();
    }

    @Test
    void abortsItsHandlersWhenItStops() throws Exception {
        try (PipeHandler one = new PipeHandler(loops);
                PipeHandler other = new PipeHandler(loops)) {
            one.failsToAbort = true;
            one.register();
            other.register();

            loops.group().close();

            assertThat(one.aborts()).isPositive();
            assertThat(other.aborts()).isPositive();
            assertThat(other.abortedInLoop).isTrue();
        }
    }

    @Test
    void runsTheTasksThatCameBeforeItStopped() {
        EventLoop loop = loops.loop();
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch stopping = new CountDownLatch(1);
        loop.execute(() -> awaitQuietly(stopping));
        for (int i = 0; i < 10; i++) {
            loop.execute(ran::incrementAndGet);
        }
        Thread stopper = new Thread(loops.group()::close);

        stopper.start();
        await().until(() -> !loop.tryExecute(() -> {})); // the loop is stopping
        stopping.countDown();

        await().until(() -> !stopper.isAlive());
        assertThat(ran).hasValue(10);
    }

    @Test
    void abortsAChannelThatItsLastTaskHandsOver() throws Exception {
        EventLoop loop = loops.loop();
        CountDownLatch stopping = new CountDownLatch(1);
        try (PipeHandler late = new PipeHandler(loops)) {
            loop.execute(() -> awaitQuietly(stopping));
            loop.execute(late::registerHere);
            Thread stopper = new Thread(loops.group()::close);
            stopper.start();
            await().until(() -> !loop.tryExecute(() -> {}));
            stopping.countDown();

            await().until(() -> !stopper.isAlive());
            assertThat(late.aborts()).isPositive();
        }
    }

    @Test
    void canBeStoppedByItsOwnTask() {
        EventLoop loop = loops.loop();

        loop.execute(loops.group()::close);

        await().until(() -> !loop.tryExecute(() -> {}));
        loops.group().close();
    }

    @Test
    void isWaitedForEvenByAThreadThatIsInterrupted() {
        Thread.currentThread().interrupt();

        loops.group().close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals(loops.loop().toString()));
    }

    @Test
    void doesNotWaitForAHandlerThatHangs() throws Exception {
        EventLoop loop = loops.loop();
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        loop.execute(() -> {
            hangs.countDown();
            awaitQuietly(goOn);
        });
        awaitQuietly(hangs);

        loop.stop();
        try (LogRecorder log = new LogRecorder()) {
            loop.awaitEnd(20);

            assertThat(log.linesWith("no longer waits for it"))
                    .singleElement()
                    .asString()
                    .contains("ERROR", "awaitQuietly");
        }
        goOn.countDown();
    }

    @Test
    void runsEveryTaskThatItTakesWhileItStops() throws Exception {
        for (int round = 0; round < 300; round++) {
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            EventLoopGroup group = new EventLoopGroup("race ", 1, new MemoryBudget(1 << 30));
            group.start();
            EventLoop loop = group.next();
            CountDownLatch giving = new CountDownLatch(1);
            Thread giver = new Thread(() -> {
                while (loop.tryExecute(ran::incrementAndGet)) {
                    taken.incrementAndGet();
                    giving.countDown();
                    for (int i = 0; i < 100 && taken.get() - ran.get() > 100; i++) {
                        Thread.onSpinWait(); // not too fast: a full queue also refuses tasks
                    }
                }
            });
            giver.start();
            awaitQuietly(giving);

            group.close();

            giver.join();
            assertThat(ran).as("round %d", round).hasValue(taken.get());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
