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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLoopTest {
    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    @Test
    void runsTasksInOrderOnItsThread() throws Exception {
        EventLoop loop = loops.loop();
        List<Integer> ran = new ArrayList<>(); // the loop's, until the last task
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

    @Test
    void survivesATaskThatFails() throws Exception {
        loops.loop().execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        loops.loop().execute(() -> {
            throw new OutOfMemoryError("on purpose");
        });

        assertThat(loops.call(() -> "alive")).isEqualTo("alive");
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
            // From here on, so that they meet in one turn.
            loop.execute(() -> {
                order.add("task 1");
                loop.afterTurn(() -> {
                    order.add("end 1");
                    loop.afterTurn(() -> {
                        order.add("end 2");
                        result.complete(order);
                    });
                });
            });
            loop.execute(() -> order.add("task 2"));
        });

        assertThat(result.get(30, TimeUnit.SECONDS)).containsExactly("task 1", "task 2", "end 1", "end 2");
    }

    @Test
    void survivesWhatFailsAtTheEndOfATurn() throws Exception {
        CompletableFuture<String> next = new CompletableFuture<>();
        loops.loop().execute(() -> {
            loops.loop().afterTurn(() -> {
                throw new IllegalStateException("on purpose");
            });
            loops.loop().afterTurn(() -> next.complete("done"));
        });

        assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo("done");
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
        try (EventLoopGroup idle = new EventLoopGroup("never started ", 1)) {
            EventLoop loop = idle.next();
            for (int i = 0; i < 65_536; i++) {
                loop.execute(() -> {});
            }

            assertThatThrownBy(() -> loop.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("too many tasks");
            assertThat(loop.tryExecute(() -> {})).isFalse();
        }
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
        try (EventLoopGroup stopped = new EventLoopGroup("clock ", 1, () -> 4711)) {
            assertThat(stopped.next().nanoTime()).isEqualTo(4711);
        }
    }

    @Test
    void areGivenInTurns() {
        try (EventLoopGroup three = new EventLoopGroup("turns ", 3)) {
            List<EventLoop> given = List.of(three.next(), three.next(), three.next(), three.next());

            assertThat(given.subList(0, 3)).doesNotHaveDuplicates();
            assertThat(given.get(3)).isSameAs(given.get(0));
            assertThat(given.get(1)).hasToString("turns 1");
        }
    }

    @Test
    void standBehindEachOtherInARing() {
        try (EventLoopGroup three = new EventLoopGroup("ring ", 3)) {
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
        assertThatIllegalArgumentException().isThrownBy(() -> new EventLoopGroup("none ", workers).close());
    }

    @Test
    void countTheBuffersInUse() throws Exception {
        EventLoop loop = loops.loop();
        ByteBuffer chunk = loops.call(() -> loop.chunks().take());
        ByteBuffer outbox = loops.call(() -> loop.outboxes().take());
        assertThat(loops.group().buffersInUse()).isEqualTo(2);

        loops.call(() -> {
            loop.chunks().give(chunk);
            loop.outboxes().give(outbox);
            return true;
        });

        assertThat(loops.group().buffersInUse()).isZero();
    }
}
