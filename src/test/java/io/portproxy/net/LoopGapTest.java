package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a loop that did not run for a while, with a clock that the test sets. */
class LoopGapTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(5 * SECOND);
    private final AtomicInteger judged = new AtomicInteger();
    private EventLoopGroup group;
    private EventLoop loop;

    @BeforeEach
    void start() {
        group = new EventLoopGroup("gap-", 1, new MemoryBudget(1 << 30), clock::get);
        loop = group.next();
        group.start();
    }

    @AfterEach
    void stop() {
        group.close();
        assertThat(group.buffersInUse()).isZero();
    }

    private <T> T call(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }

    /** Runs some turns in which nothing happens. */
    private void turns() throws Exception {
        for (int i = 0; i < 5; i++) {
            call(() -> 0);
        }
    }

    /** Lets time pass while the loop runs. */
    private void pass(long nanos) throws Exception {
        for (long step = SECOND / 20, left = nanos; left > 0; left -= step) {
            clock.addAndGet(Math.min(step, left));
            call(() -> 0);
        }
        turns();
    }

    /** Stops the loop for that long by the clock. Runs an action meanwhile. */
    private void suspend(long nanos, Callable<?> meanwhile) throws Exception {
        CountDownLatch suspended = new CountDownLatch(1);
        CountDownLatch resumed = new CountDownLatch(1);
        loop.execute(() -> {
            suspended.countDown();
            awaitQuietly(resumed);
        });
        assertThat(suspended.await(30, TimeUnit.SECONDS)).isTrue();
        clock.addAndGet(nanos);
        meanwhile.call();
        resumed.countDown();
        turns();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Timers.Timer judgeAfter(long nanos) throws Exception {
        return call(() -> loop.timers().afterAwake(nanos, judged::incrementAndGet));
    }

    @Test
    void aTimerThatJudgesDoesNotCountIt() throws Exception {
        long before = call(loop::awakeNanos);
        judgeAfter(10 * SECOND);
        suspend(60 * SECOND, () -> 0);
        assertThat(judged).hasValue(0);
        assertThat(call(loop::awakeNanos) - before).isZero();
        pass(9 * SECOND);
        assertThat(judged).hasValue(0);
        pass(SECOND);
        assertThat(judged).hasValue(1);
    }

    @Test
    void anotherTimerCountsIt() throws Exception {
        call(() -> loop.timers().after(10 * SECOND, judged::incrementAndGet));
        suspend(60 * SECOND, () -> 0);
        assertThat(judged).hasValue(1);
    }

    @Test
    void timeInWhichNothingHappenedCounts() throws Exception {
        judgeAfter(10 * SECOND);
        pass(10 * SECOND);
        assertThat(judged).hasValue(1);
    }

    /** The loop reads sockets first, although the timer is due. */
    @Test
    void socketsAreReadBeforeAnybodyIsJudged() throws Exception {
        Pipe pipe = Pipe.open();
        AtomicBoolean heard = new AtomicBoolean();
        AtomicBoolean heardFirst = new AtomicBoolean();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            source.configureBlocking(false);
            call(() -> loop.register(source, SelectionKey.OP_READ, new ReadyHandler() {
                @Override
                public void ready(int readyOps) {
                    heard.set(true);
                    readQuietly(source);
                }

                @Override
                public void abort() {
                    // The test closes the pipe.
                }
            }));
            call(() -> loop.timers().after(SECOND, () -> heardFirst.set(heard.get())));
            suspend(60 * SECOND, () -> sink.write(ByteBuffer.wrap(new byte[] {1})));
            assertThat(heardFirst).isTrue();
        }
    }

    private static void readQuietly(Pipe.SourceChannel source) {
        try {
            source.read(ByteBuffer.allocate(10));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
