package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventLoopTest {
    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    @Test
    void runsTasksInOrderOnItsThread() throws Exception {
        EventLoop loop = loops.loop();
        List<Integer> ran = new ArrayList<>(); // used by the loop until the last task
        AtomicInteger elsewhere = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> {
                ran.add(number);
                elsewhere.addAndGet(loop.inLoop() ? 0 : 1);
            });
        }

        assertThat(loops.call(() -> List.copyOf(ran)))
                .isEqualTo(IntStream.range(0, 1000).boxed().toList());
        assertThat(elsewhere).hasValue(0);
        assertThat(loop.inLoop()).isFalse();
    }

    /** Returns the faults that any code can throw unexpectedly. */
    static List<Throwable> unforeseen() {
        return List.of(
                new IllegalStateException("on purpose"),
                new OutOfMemoryError("on purpose"),
                new StackOverflowError("on purpose"),
                new InternalError("on purpose"),
                new AssertionError("on purpose"),
                new NoClassDefFoundError("on purpose"));
    }

    @ParameterizedTest
    @MethodSource("unforeseen")
    void survivesWhateverATaskThrows(Throwable thrown) throws Exception {
        loops.loop().execute(() -> fail(thrown));

        assertThat(loops.call(() -> "alive")).isEqualTo("alive");
        assertThat(loops.loop().stats().failures()).isEqualTo(1);
        assertThat(loops.loop().stats().hasEnded()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("unforeseen")
    void endsWhatATimerWasForWhenItThrows(Throwable thrown) throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        loops.loop().execute(() -> loops.loop().timers().after(1, () -> fail(thrown), () -> ended.complete("ended")));

        assertThat(ended.get(30, TimeUnit.SECONDS)).isEqualTo("ended");
    }

    @ParameterizedTest
    @MethodSource("unforeseen")
    void endsWhatTheEndOfATurnWasForWhenItThrows(Throwable thrown) throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        CompletableFuture<String> next = new CompletableFuture<>();
        loops.loop().execute(() -> {
            loops.loop().afterTurn(() -> fail(thrown), () -> {
                ended.complete("ended");
                fail(thrown); // the handler of the failure fails, too
            });
            loops.loop().afterTurn(() -> next.complete("done"), Guard.NOTHING);
        });

        assertThat(ended.get(30, TimeUnit.SECONDS)).isEqualTo("ended");
        assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @ParameterizedTest
    @MethodSource("unforeseen")
    void abortsAHandlerWhateverItThrows(Throwable thrown) throws Exception {
        try (PipeHandler failing = new PipeHandler(loops)) {
            failing.fails = true;
            failing.thrown = thrown;
            failing.register();

            failing.send(1);

            await().until(failing::aborts, is -> is == 1);
            assertThat(loops.call(() -> "alive")).isEqualTo("alive");
        }
    }

    private static void fail(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @Test
    void goesOnAfterATurnThatFailsOutsideOfAnyHandler() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        LongSupplier clock = () -> {
            if (Thread.currentThread().getName().startsWith("clockless ") && failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("on purpose");
            }
            return System.nanoTime();
        };
        try (EventLoopGroup group = new EventLoopGroup("clockless ", 1, new MemoryBudget(1 << 30), clock)) {
            group.start();
            EventLoop loop = group.next();
            failures.set(50);
            CompletableFuture<String> alive = new CompletableFuture<>();

            loop.execute(() -> alive.complete("alive"));

            assertThat(alive.get(30, TimeUnit.SECONDS)).isEqualTo("alive");
            assertThat(loop.stats().failures()).isPositive();
            assertThat(loop.stats().hasEnded()).isFalse();
        }
    }

    @Test
    void tellsThatItHasEndedWhenItCannotGoOn() {
        LongSupplier clock = () -> {
            if (Thread.currentThread().getName().startsWith("clockless ")) {
                throw new OutOfMemoryError("on purpose");
            }
            return System.nanoTime();
        };
        try (EventLoopGroup group = new EventLoopGroup("clockless ", 1, new MemoryBudget(1 << 30), clock)) {
            group.start();
            EventLoop loop = group.next();

            await().until(() -> {
                loop.executeUnlessEnded(() -> {});
                return loop.stats().hasEnded();
            });

            assertThat(loop.executeUnlessEnded(() -> {})).isFalse();
        }
    }

    @Test
    void doesNotSayThatItHasEndedWhenItWasStopped() throws Exception {
        LoopStats stats = loops.loop().stats();
        loops.call(() -> "started");

        loops.group().close();

        assertThat(stats.hasEnded()).isFalse();
    }

    @Test
    void abortsTheHandlerThatFailsAndNoOther() throws Exception {
        try (PipeHandler failing = new PipeHandler(loops);
                PipeHandler healthy = new PipeHandler(loops)) {
            failing.fails = true;
            failing.register();
            healthy.register();

            failing.send(1);
            await().until(failing::aborts, is -> is == 1);
            healthy.send(2);

            await().until(healthy::received, is -> is == 2);
            assertThat(healthy.aborts()).isZero();
            assertThat(failing.aborts()).isEqualTo(1);
        }
    }

    @Test
    void survivesAHandlerThatFailsToAbort() throws Exception {
        try (PipeHandler failing = new PipeHandler(loops)) {
            failing.fails = true;
            failing.failsToAbort = true;
            failing.register();

            failing.send(1);
            await().until(failing::aborts, is -> is == 1);

            assertThat(loops.call(() -> "alive")).isEqualTo("alive");
        }
    }

    @Test
    void runsWhatWaitsForTheEndOfATurnBehindItsTasks() throws Exception {
        EventLoop loop = loops.loop();
        List<String> order = new ArrayList<>();
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        loop.execute(() -> {
            // The next tasks are queued here, so that they run in the same turn.
            loop.execute(() -> {
                order.add("task 1");
                loop.afterTurn(
                        () -> {
                            order.add("end 1");
                            loop.afterTurn(
                                    () -> {
                                        order.add("end 2");
                                        result.complete(order);
                                    },
                                    Guard.NOTHING);
                        },
                        Guard.NOTHING);
            });
            loop.execute(() -> order.add("task 2"));
        });

        assertThat(result.get(30, TimeUnit.SECONDS)).containsExactly("task 1", "task 2", "end 1", "end 2");
    }

    @Test
    void doesNotStarveTimersAndChannelsByTasksThatAddTasks() throws Exception {
        EventLoop loop = loops.loop();
        CountDownLatch timer = new CountDownLatch(1);
        try (PipeHandler channel = new PipeHandler(loops)) {
            channel.register();
            loop.execute(new Runnable() {
                @Override
                public void run() {
                    loop.tryExecute(this);
                }
            });
            loop.execute(() -> loop.timers().after(1_000_000, timer::countDown));
            channel.send(5);

            assertThat(timer.await(30, TimeUnit.SECONDS)).isTrue();
            await().until(channel::received, is -> is == 5);
        }
    }

    @Test
    void runsATimerWhileNothingElseHappens() throws Exception {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        EventLoop loop = loops.loop();

        loop.execute(() -> loop.timers().after(5_000_000, () -> ran.complete(loop.inLoop())));

        assertThat(ran.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusesMoreTasksThanItsBound() {
        try (EventLoopGroup idle = new EventLoopGroup("never started ", 1, new MemoryBudget(1 << 30))) {
            EventLoop loop = idle.next();
            for (int i = 0; i < 65_536; i++) {
                loop.execute(() -> {});
            }

            assertThatThrownBy(() -> loop.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("too many tasks");
            assertThat(loop.tryExecute(() -> {})).isFalse();
            assertThat(loop.stats().tasksRefused()).isEqualTo(2);
        }
    }

    @Test
    void takesATaskThatMustNotBeLostHoweverManyWait() throws Exception {
        EventLoop loop = loops.loop();
        CountDownLatch full = new CountDownLatch(1);
        CompletableFuture<String> ran = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                full.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        int waiting = 0;
        while (waiting < 100_000 && loop.tryExecute(() -> {})) {
            waiting++;
        }

        boolean taken = loop.executeUnlessEnded(() -> ran.complete("ran"));
        full.countDown();

        assertThat(waiting).isLessThan(100_000);
        assertThat(taken).isTrue();
        assertThat(ran.get(30, TimeUnit.SECONDS)).isEqualTo("ran");
    }

    @Test
    void clearsItsReadBufferForEachReader() throws Exception {
        loops.call(() -> loops.loop().readBuffer().putLong(1).flip());

        ByteBuffer next = loops.call(() -> loops.loop().readBuffer());

        assertThat(next.remaining()).isEqualTo(BufferPool.OUTBOX);
        assertThat(next.isDirect()).isTrue();
    }

    @Test
    void takesItsClockFromOutside() {
        try (EventLoopGroup stopped = new EventLoopGroup("clock ", 1, new MemoryBudget(1 << 30), () -> 4711)) {
            assertThat(stopped.next().nanoTime()).isEqualTo(4711);
        }
    }

    @Test
    void areGivenInTurns() {
        try (EventLoopGroup three = new EventLoopGroup("turns ", 3, new MemoryBudget(1 << 30))) {
            List<EventLoop> given = List.of(three.next(), three.next(), three.next(), three.next());

            assertThat(given.subList(0, 3)).doesNotHaveDuplicates();
            assertThat(given.get(3)).isSameAs(given.get(0));
            assertThat(given.get(1)).hasToString("turns 1");
        }
    }

    @Test
    void standBehindEachOtherInARing() {
        try (EventLoopGroup three = new EventLoopGroup("ring ", 3, new MemoryBudget(1 << 30))) {
            EventLoop last = List.of(three.next(), three.next(), three.next()).get(2);

            assertThat(IntStream.range(0, 7).mapToObj(i -> three.behind(last, i)))
                    .extracting(EventLoop::toString)
                    .containsExactly("ring 2", "ring 0", "ring 1", "ring 2", "ring 0", "ring 1", "ring 2");
            assertThat(three.next()).as("it takes no turn").hasToString("ring 0");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 257})
    void areAtLeastOneAndNotTooMany(int workers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventLoopGroup("none ", workers, new MemoryBudget(1 << 30)).close());
    }

    @Test
    void countTheBuffersInUse() throws Exception {
        EventLoop loop = loops.loop();
        ByteBuffer chunk = loops.call(() -> loop.chunks().take(MemoryUse.NEEDED));
        ByteBuffer outbox = loops.call(() -> loop.outboxes().take(MemoryUse.NEEDED));
        assertThat(loops.group().buffersInUse()).isEqualTo(2);

        loops.call(() -> {
            loop.chunks().give(chunk);
            loop.outboxes().give(outbox);
            return true;
        });

        assertThat(loops.group().buffersInUse()).isZero();
    }
}
