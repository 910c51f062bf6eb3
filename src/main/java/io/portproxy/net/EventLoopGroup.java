package io.portproxy.net;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** The event loops of the process. Any thread. */
public final class EventLoopGroup implements AutoCloseable {
    /** How long {@link #close} waits for handlers that do not return. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final List<EventLoop> loops;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * @param threadNamePrefix the prefix of the threads' names; a number follows it
     * @param workers how many loops, 1 to 256
     * @param budget the memory for bytes in flight
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
     * Returns the most direct memory in bytes that {@code workers} loops use with a budget of {@code budget} bytes: the
     * budget for buffers in use, a quarter of it for idle buffers, and for each loop its read buffer and one idle
     * buffer that it always keeps.
     */
    public static long mostMemory(int workers, long budget) {
        return budget + budget / 4 + 2L * ReadBuffers.SIZE * workers;
    }

    /** Does the same as {@link #start(Runnable)}, for a caller that checks {@link LoopStats#hasEnded} itself. */
    public void start() {
        start(Guard.NOTHING);
    }

    /**
     * Starts the threads; call it once. They keep the process alive until {@link #close}.
     *
     * @param whenOneEnds runs on the thread of a loop that ends although nobody has stopped it; everything on that loop
     *     is lost
     */
    public void start(Runnable whenOneEnds) {
        loops.forEach(loop -> loop.start(whenOneEnds));
    }

    /** Returns one of the loops, each in turn. */
    public EventLoop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** Returns the loop {@code places} places after {@code loop}, 0 for the loop itself. The order never changes. */
    public EventLoop behind(EventLoop loop, int places) {
        return loops.get((loops.indexOf(loop) + places) % loops.size());
    }

    /** Returns the statistics of the loops. */
    public List<LoopStats> stats() {
        return loops.stream().map(EventLoop::stats).toList();
    }

    /** Returns the number of pooled buffers that hold bytes at present; 0 if no bytes wait for a socket. */
    public int buffersInUse() {
        return loops.stream().mapToInt(EventLoop::buffersInUse).sum();
    }

    /** Resets all remaining connections and ends the threads. Waits for them, but not for a thread that hangs. */
    @Override
    public void close() {
        loops.forEach(EventLoop::stop);
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        loops.forEach(loop -> loop.awaitEnd(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
}
