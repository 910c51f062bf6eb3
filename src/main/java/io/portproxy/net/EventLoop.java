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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with a selector, a queue of tasks and timers. It owns every channel registered with it; what belongs to
 * those channels is touched on this thread only, so the data path needs no locks. {@link #execute} is the only door from
 * outside.
 *
 * <p>One turn of the loop: wait; call the handlers of the ready channels; run the tasks; run the timers that are due;
 * run what {@link #afterTurn} was given. Output gathered during a turn leaves at its end.
 */
public final class EventLoop {
    private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

    /** How many tasks may wait. They come from accepts and from control calls, never from the relaying of bytes. */
    static final int MAX_TASKS = 65_536;

    /** One read from a tunnel: large, so that a busy tunnel costs few system calls. */
    private static final int READ_BUFFER = BufferPool.OUTBOX; // the longest frame that we send, between two heads

    private final Thread thread;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ArrayBlockingQueue<>(MAX_TASKS);
    private final ArrayDeque<Runnable> turnEnd = new ArrayDeque<>();
    private final ArrayDeque<Channel> leaving = new ArrayDeque<>(); // their keys are cancelled
    private final Timers timers;
    private final LongSupplier nanoTime;
    private final LoopStats stats;
    private final BufferPool chunks = new BufferPool(BufferPool.CHUNK, BufferPool.MAX_IDLE_CHUNKS);
    private final BufferPool outboxes = new BufferPool(BufferPool.OUTBOX, BufferPool.MAX_IDLE_OUTBOXES);
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER);
    private final SpareDescriptor spareDescriptor = new SpareDescriptor();
    private final Instant origin = Instant.now();
    private final long originNanos;
    private long turnNanos;
    private boolean turnTimed;
    private long turnEnded;
    private volatile boolean stopping;

    EventLoop(String name, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
        this.turnEnded = originNanos;
        this.stats = new LoopStats(name, nanoTime, tasks::size);
        this.timers = new Timers(nanoTime, stats);
        this.thread = new Thread(this::run, name);
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a selector", e);
        }
    }

    void start() {
        thread.start();
    }

    /** Ends the loop: aborts every channel on it. Waits until the thread has ended, unless it is the caller. */
    void stop() {
        stopping = true;
        selector.wakeup();
        if (thread.getState() == Thread.State.NEW) {
            closeSelector();
        } else if (!inLoop()) {
            joinThread();
        }
    }

    private void joinThread() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the caller is this loop's thread. */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /**
     * Runs a task on the loop's thread, soon. May be called from any thread.
     *
     * @throws RejectedExecutionException the loop has stopped, or {@value #MAX_TASKS} tasks wait already
     */
    public void execute(Runnable task) {
        if (!tryExecute(task)) {
            throw new RejectedExecutionException(
                    stopping ? thread.getName() + " has stopped" : thread.getName() + " has too many tasks waiting");
        }
    }

    /** As {@link #execute}, for a task that may be refused: {@code false} where that throws. */
    public boolean tryExecute(Runnable task) {
        if (stopping) {
            return false;
        }
        if (!tasks.offer(task)) {
            stats.taskRefused();
            return false;
        }
        if (stopping && tasks.remove(task)) {
            return false; // it came too late to be sure that it runs
        }
        if (!inLoop()) {
            selector.wakeup();
        }
        return true;
    }

    /** Runs a task once when this turn of the loop ends. Loop's thread only. */
    public void afterTurn(Runnable task) {
        turnEnd.add(task);
    }

    /** This loop's timers. Loop's thread only. */
    public Timers timers() {
        return timers;
    }

    /** Nanoseconds of a clock that only goes forward; its origin means nothing. */
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** When this turn of the loop began, on the clock of {@link #nanoTime}: for what happens with every chunk. Loop's thread only. */
    public long turnNanos() {
        if (!turnTimed) {
            turnTimed = true;
            turnNanos = nanoTime.getAsLong();
            stats.turnBegan(turnNanos);
        }
        return turnNanos;
    }

    /** What the time was at that {@link #nanoTime}. Any thread. */
    public Instant instantOf(long nanos) {
        return origin.plusNanos(nanos - originNanos);
    }

    /** Pooled direct buffers of {@value BufferPool#CHUNK} bytes. Loop's thread only. */
    public BufferPool chunks() {
        return chunks;
    }

    /** Pooled direct buffers of {@value BufferPool#OUTBOX} bytes. Loop's thread only. */
    public BufferPool outboxes() {
        return outboxes;
    }

    /** How the loop is doing. */
    LoopStats stats() {
        return stats;
    }

    /** Pooled buffers in use. Any thread. */
    int buffersInUse() {
        return chunks.out() + outboxes.out();
    }

    SpareDescriptor spareDescriptor() {
        return spareDescriptor;
    }

    /** A direct buffer of a little more than 256 KiB for whoever reads just now; its contents are lost when the handler returns. */
    public ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    /** Registers a non-blocking channel. Loop's thread only. */
    public SelectionKey register(SelectableChannel channel, int interestOps, ReadyHandler handler)
            throws ClosedChannelException {
        return channel.register(selector, interestOps, handler);
    }

    /**
     * Closes a channel of this loop, at the latest when its next turn begins. {@link java.nio.channels.Channel#close} at once would
     * ask the operating system twice more, as a channel must stay open for as long as a selector knows it. Loop's thread only.
     */
    public void close(SelectionKey key) {
        key.cancel();
        leaving.add(key.channel());
    }

    private void run() {
        try {
            while (!stopping) {
                runTurn();
            }
        } catch (IOException | ClosedSelectorException e) {
            log.error("{} ends because its selector failed; its tunnels are lost", thread.getName(), e);
        } finally {
            stopping = true;
            abortAll();
            runTasks(); // those that came before "stopping": a handed-over channel must not be forgotten
            abortAll();
            spareDescriptor.release();
            closeSelector();
        }
    }

    private void runTurn() throws IOException {
        turnTimed = false;
        int left = leaving.size();
        if (left > 0 || !tasks.isEmpty() || !turnEnd.isEmpty()) {
            selector.selectNow(this::handle);
        } else {
            selector.select(this::handle, timers.millisToNext(turnEnded));
        }
        long began = turnNanos();
        closeLeaving(left); // the selector has let go of them
        runTasks();
        timers.runDue();
        for (int n = turnEnd.size(); n > 0; n--) {
            guarded(turnEnd.remove());
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
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            log.error("a bug: {} failed; its connection is reset", handler, e);
            guarded(handler::abort);
        }
    }

    private void runTasks() {
        // Only those that wait now: tasks that keep adding tasks must not starve the channels.
        for (int n = tasks.size(); n > 0; n--) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            guarded(task);
        }
    }

    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            log.error("a bug: a task of an event loop failed", e);
        }
    }

    private void abortAll() {
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            guarded(((ReadyHandler) key.attachment())::abort);
        }
        while (!turnEnd.isEmpty()) {
            guarded(turnEnd.remove());
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
