package io.portproxy.net;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** The process's event loops. Safe for any thread. */
public final class EventLoopGroup implements AutoCloseable {
    /** How long {@link #close} waits for handlers that do not return. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final List<EventLoop> loops;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * @param threadNamePrefix the threads are called this with a number behind
     * @param workers how many loops, 1 to 256
     * @param budget the memory for bytes under way
     */
    public EventLoopGroup(String threadNamePrefix, int workers, MemoryBudget budget) {
        this(threadNamePrefix, workers, budget, System::nanoTime);
    }

    EventLoopGroup(String threadNamePrefix, int workers, MemoryBudget budget, LongSupplier nanoTime) {
        if (workers < 1 || workers > 256) {
            throw new IllegalArgumentException("workers must be 1 to 256, not " + workers);
        }
        loops = IntStream.range(0, workers)
                .mapToObj(i -> new EventLoop(threadNamePrefix + i, nanoTime, budget, budget.limit() / 4 / workers))
                .toList();
    }

    /**
     * The most direct memory in bytes that so many loops take: their buffers in use, which a budget of so many bytes bounds, a quarter
     * of it more in idle ones, and of each loop its read buffer and an idle one that it keeps in any case.
     */
    public static long mostMemory(int workers, long budget) {
        return budget + budget / 4 + 2L * EventLoop.READ_BUFFER * workers;
    }

    /** As {@link #start(Runnable)}, for who looks at {@link LoopStats#hasEnded} himself. */
    public void start() {
        start(Guard.NOTHING);
    }

    /**
     * Starts the threads; once. They keep the process alive until {@link #close}.
     *
     * @param whenOneEnds run on the thread of a loop that ends although nobody has stopped it: what was on it is lost already
     */
    public void start(Runnable whenOneEnds) {
        loops.forEach(loop -> loop.start(whenOneEnds));
    }

    /** One of the loops, in turns. */
    public EventLoop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** The loop so many places behind one of these, 0 for itself; the same every time. */
    public EventLoop behind(EventLoop loop, int places) {
        return loops.get((loops.indexOf(loop) + places) % loops.size());
    }

    /** How the loops are doing. */
    public List<LoopStats> stats() {
        return loops.stream().map(EventLoop::stats).toList();
    }

    /** Pooled buffers that hold bytes just now; 0 when nothing waits for a socket. */
    public int buffersInUse() {
        return loops.stream().mapToInt(EventLoop::buffersInUse).sum();
    }

    /** Resets every connection that is left and ends the threads; waits for them, but not for one that hangs. */
    @Override
    public void close() {
        loops.forEach(EventLoop::stop);
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        loops.forEach(loop -> loop.awaitEnd(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
}
