package io.portproxy.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with a selector, a queue of tasks and timers. It owns every channel that is registered with it. Everything
 * that belongs to these channels is used on this thread only, so the data path needs no locks. Other threads use {@link
 * #execute}.
 *
 * <p>One turn of the loop has these steps: wait; call the handlers of the ready channels; run the tasks; run the timers
 * that are due; run the tasks of {@link #afterTurn}. Output that was collected during a turn is sent at its end.
 */
public final class EventLoop {
    private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

    /**
     * The most tasks that may wait. They come from accepts and from control calls, never from the relaying of bytes.
     */
    static final int MAX_TASKS = 65_536;

    /**
     * After this number of failed turns in a row, the loop ends. Such a failure is outside of any handler and not
     * temporary.
     */
    private static final int MAX_FAILED_TURNS = 100;

    private final Thread thread;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingTasks = new AtomicInteger();
    private final ArrayDeque<TurnEnd> turnEnd = new ArrayDeque<>();
    private final ArrayDeque<Channel> leaving = new ArrayDeque<>(); // channels whose keys are cancelled
    private final Timers timers;
    private final GapWatch gaps;
    private final LongSupplier nanoTime;
    private final LoopStats stats;
    private final Guard guard;
    private final BufferPool chunks;
    private final BufferPool outboxes;
    private final ReadBuffers readBuffers = new ReadBuffers();
    private final SpareDescriptor spareDescriptor;
    private final Instant origin = Instant.now();
    private final long originNanos;
    private long turnNanos;
    private boolean turnTimed;
    private long turnEnded;
    private volatile boolean stopping;
    private Runnable whenEnded = Guard.NOTHING; // set before the thread starts

    /**
     * @param budget the memory for its buffers
     * @param idle how many bytes of it may be kept as idle buffers
     */
    EventLoop(String name, LongSupplier nanoTime, MemoryBudget budget, long idle) {
        this.nanoTime = nanoTime;
        this.chunks = BufferPool.chunks(idle / 2, budget);
        this.outboxes = BufferPool.outboxes(idle / 2, budget);
        this.originNanos = nanoTime.getAsLong();
        this.turnEnded = originNanos;
        this.stats = new LoopStats(name, nanoTime, waitingTasks::get);
        this.guard = new Guard(stats);
        this.timers = new Timers(nanoTime, stats, guard);
        this.gaps = new GapWatch(name, timers);
        this.thread = new Thread(this::run, name);
        try {
            this.spareDescriptor = new SpareDescriptor();
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a selector and a socket", e);
        }
    }

    /**
     * @param whenEnded runs last on the loop's thread, if the loop ends although nobody has stopped it
     */
    void start(Runnable whenEnded) {
        this.whenEnded = whenEnded;
        turnEnded = nanoTime.getAsLong(); // the time before the start does not count as a gap
        thread.start();
    }

    /** Makes the loop end: it aborts every channel on it. Any thread. {@link #awaitEnd} waits for the end. */
    void stop() {
        stopping = true;
        selector.wakeup();
        if (thread.getState() == Thread.State.NEW) {
            closeSelector();
        }
    }

    /**
     * Waits until the thread has ended, but at most for {@code millis} milliseconds: a handler that hangs cannot be
     * ended from outside, and must not keep the process from stopping. Returns at once on the loop's own thread.
     */
    void awaitEnd(long millis) {
        if (inLoop() || thread.getState() == Thread.State.NEW) {
            return;
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        long left = millis;
        do {
            try {
                thread.join(Math.max(1, left));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        } while (thread.isAlive() && left > 0);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.error(
                    "{} did not stop in time, and the process no longer waits for it; its stack: {}",
                    thread.getName(),
                    Stream.of(thread.getStackTrace()).limit(8).toList());
        }
    }

    /** Returns whether the caller is this loop's thread. */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /**
     * Runs a task on the loop's thread, soon. Any thread.
     *
     * @throws RejectedExecutionException if the loop has stopped, or if {@value #MAX_TASKS} tasks already wait
     */
    public void execute(Runnable task) {
        if (!tryExecute(task)) {
            throw new RejectedExecutionException(
                    stopping ? thread.getName() + " has stopped" : thread.getName() + " has too many tasks waiting");
        }
    }

    /** Does the same as {@link #execute}, but returns {@code false} instead of throwing. */
    public boolean tryExecute(Runnable task) {
        if (waitingTasks.get() >= MAX_TASKS) {
            stats.taskRefused();
            return false;
        }
        return executeUnlessEnded(task);
    }

    /**
     * Runs a task that must not be lost, even if many tasks wait: one that ends or completes something that exists.
     * Each connection, look-up or listener may have only one such task waiting, so their number limits the number of
     * these tasks. Any thread.
     *
     * @return false if the loop has ended, and with it everything on it
     */
    public boolean executeUnlessEnded(Runnable task) {
        if (stopping) {
            return false;
        }
        waitingTasks.incrementAndGet();
        tasks.add(task);
        if (stopping && tasks.remove(task)) {
            waitingTasks.decrementAndGet();
            return false; // too late to be sure that it runs
        }
        if (!inLoop()) {
            selector.wakeup();
        }
        return true;
    }

    /**
     * Runs a task once, when this turn of the loop ends. Loop's thread only.
     *
     * @param onFailure runs if the task throws, to end the owner of the task
     */
    public void afterTurn(Runnable task, Runnable onFailure) {
        turnEnd.add(new TurnEnd(task, onFailure));
    }

    private record TurnEnd(Runnable task, Runnable onFailure) {}

    private void runTurnEnd(TurnEnd end) {
        guard.run(end.task(), end.onFailure());
    }

    /** Returns this loop's timers. Loop's thread only. */
    public Timers timers() {
        return timers;
    }

    /** Returns nanoseconds of a clock that only goes forward. Its origin has no meaning. Any thread. */
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /**
     * Returns nanoseconds as {@link #nanoTime}, but this clock stands still while the loop does not run. Timeouts for a
     * silent peer use it, because bytes that the peer sent in that time still wait in its socket. Loop's thread only.
     */
    public long awakeNanos() {
        return nanoTime.getAsLong() - timers.missed();
    }

    /**
     * Returns when this turn of the loop began, on the clock of {@link #nanoTime}. It is cheap enough for every chunk.
     * Loop's thread only.
     */
    public long turnNanos() {
        if (!turnTimed) {
            turnTimed = true;
            turnNanos = nanoTime.getAsLong();
            stats.turnBegan(turnNanos);
        }
        return turnNanos;
    }

    /** Returns the time of day at that {@link #nanoTime}. Any thread. */
    public Instant instantOf(long nanos) {
        return origin.plusNanos(nanos - originNanos);
    }

    /** Returns the pool of direct buffers of {@value BufferPool#CHUNK} bytes. Loop's thread only. */
    public BufferPool chunks() {
        return chunks;
    }

    /** Returns the pool of direct buffers of {@value BufferPool#OUTBOX} bytes. Loop's thread only. */
    public BufferPool outboxes() {
        return outboxes;
    }

    /** Returns the statistics of the loop. */
    LoopStats stats() {
        return stats;
    }

    /** Returns the number of pooled buffers in use. Any thread. */
    int buffersInUse() {
        return chunks.out() + outboxes.out();
    }

    SpareDescriptor spareDescriptor() {
        return spareDescriptor;
    }

    /**
     * Returns a direct buffer of a little more than 256 KiB for the present reader. Its contents are lost when the
     * handler returns. While it is {@linkplain #lendReadBuffer lent}, a reader gets another buffer. Loop's thread only.
     */
    public ByteBuffer readBuffer() {
        return readBuffers.next();
    }

    /**
     * Returns the same buffer, for a reader that passes its contents on piece by piece to others, who may read as well.
     * The caller must call {@link #takeBackReadBuffer} after that. Loop's thread only.
     */
    public ByteBuffer lendReadBuffer() {
        return readBuffers.lend();
    }

    /** Takes back the buffer that was {@linkplain #lendReadBuffer lent}. Loop's thread only. */
    public void takeBackReadBuffer() {
        readBuffers.takeBack();
    }

    /** Registers a non-blocking channel. Loop's thread only. */
    public SelectionKey register(SelectableChannel channel, int interestOps, ReadyHandler handler)
            throws ClosedChannelException {
        SelectionKey before = channel.keyFor(selector);
        if (before != null && !before.isValid()) {
            forgetCancelled();
        }
        return channel.register(selector, interestOps, handler);
    }

    /**
     * Forgets cancelled keys. A channel that was unregistered in this turn and comes back from another loop still has a
     * cancelled key until the next selection.
     */
    private void forgetCancelled() throws ClosedChannelException {
        try {
            selector.selectNow(ready -> {}); // a channel that is ready stays ready in the next turn
        } catch (IOException e) {
            ClosedChannelException failure = new ClosedChannelException();
            failure.initCause(e);
            throw failure;
        }
    }

    /**
     * Forgets a channel, which goes to another loop. Does nothing if the channel is not registered. Loop's thread only.
     */
    public void unregister(SelectableChannel channel) {
        SelectionKey key = channel.keyFor(selector);
        if (key != null) {
            key.cancel();
        }
    }

    /**
     * Closes a channel of this loop, at the latest when its next turn begins. {@link java.nio.channels.Channel#close}
     * at once would need two more system calls, because a channel must stay open as long as a selector knows it. Loop's
     * thread only.
     */
    public void close(SelectionKey key) {
        key.cancel();
        leaving.add(key.channel());
    }

    private void run() {
        try {
            int failedTurns = 0;
            while (!stopping && failedTurns < MAX_FAILED_TURNS) {
                failedTurns = tryTurn() ? 0 : failedTurns + 1;
            }
        } catch (IOException | ClosedSelectorException e) {
            log.error("{} ends because its selector failed; its tunnels are lost", thread.getName(), e);
        } finally {
            boolean byItself = !stopping;
            if (byItself) {
                stopping = true;
                stats.ended();
            }
            abortAll();
            runTasks(); // tasks that came before "stopping": a channel that was handed over must not be forgotten
            abortAll();
            spareDescriptor.release();
            closeSelector();
            if (byItself) {
                whenEnded.run();
            }
        }
    }

    /** Runs a turn. Returns whether it ended normally. Exceptions of handlers do not come here. */
    private boolean tryTurn() throws IOException {
        try {
            runTurn();
            return true;
        } catch (IOException | ClosedSelectorException e) {
            throw e;
        } catch (Throwable e) {
            guard.failed(this, e);
            return false;
        }
    }

    private void runTurn() throws IOException {
        turnTimed = false;
        int left = leaving.size();
        boolean waits = !gaps.looksAgain() && left == 0 && tasks.isEmpty() && turnEnd.isEmpty();
        long wait = waits ? timers.millisToNext(turnEnded) : 0;
        if (waits) {
            selector.select(this::handle, wait);
        } else {
            selector.selectNow(this::handle);
        }
        long began = turnNanos();
        long missed = GapWatch.missed(waits, wait, began - turnEnded);
        closeLeaving(left); // the selector has released them
        runTasks();
        long now = nanoTime.getAsLong();
        if (gaps.letsTimersRun(missed, now - began)) {
            timers.runDue(now);
        }
        for (int n = turnEnd.size(); n > 0; n--) {
            runTurnEnd(turnEnd.remove());
        }
        turnEnded = nanoTime.getAsLong();
        stats.turnEnded(began, turnEnded);
    }

    private void closeLeaving(int count) {
        for (int n = count; n > 0; n--) {
            Sockets.close(leaving.remove());
        }
    }

    private void handle(SelectionKey key) {
        turnNanos(); // the wait is over
        ReadyHandler handler = (ReadyHandler) key.attachment();
        try {
            if (key.isValid()) {
                handler.ready(key.readyOps());
            }
        } catch (Throwable e) {
            guard.failed(handler, e);
            guard.run(handler::abort);
        }
    }

    private void runTasks() {
        // This handles only tasks that wait now: tasks that keep adding tasks must not starve the channels.
        for (int n = waitingTasks.get(); n > 0; n--) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            waitingTasks.decrementAndGet();
            guard.run(task);
        }
    }

    /** Runs one step of an end. If it throws, that is logged, and the next step can still run. Loop's thread only. */
    public void guarded(Runnable step) {
        guard.run(step);
    }

    /** Logs and counts an unexpected exception. The caller ends whatever threw it. Never throws. Loop's thread only. */
    public void failed(Object who, Throwable cause) {
        guard.failed(who, cause);
    }

    private void abortAll() {
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            guard.run(((ReadyHandler) key.attachment())::abort);
        }
        while (!turnEnd.isEmpty()) {
            runTurnEnd(turnEnd.remove());
        }
        closeLeaving(leaving.size());
    }

    private void closeSelector() {
        try {
            selector.close(); // also completes the closing of the channels aborted above
        } catch (IOException e) {
            log.warn("{} could not close its selector", thread.getName(), e);
        }
    }

    @Override
    public String toString() {
        return thread.getName();
    }
}
