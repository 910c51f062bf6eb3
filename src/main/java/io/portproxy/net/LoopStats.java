package io.portproxy.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The statistics of an event loop. The loop counts, with plain stores for frequent events. Any thread may read. */
public final class LoopStats {
    /** The longest turn is the longest one in the last one to two of these periods. */
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long NO_TURN = Long.MIN_VALUE;

    /** The most log lines about unexpected exceptions in ten seconds. */
    private static final int FAILURES_LOGGED = 10;

    private final String name;
    private final LongSupplier nanoTime;
    private final IntSupplier tasks;
    private final TimeHistogram turns = new TimeHistogram();
    private final TimeHistogram lags = new TimeHistogram();
    private final AtomicLong turnBegan = new AtomicLong(NO_TURN);
    private final AtomicLong periodBegan;
    private final AtomicLong longest = new AtomicLong(); // in this period
    private final AtomicLong longestBefore = new AtomicLong(); // in the period before
    private final LongAdder tasksRefused = new LongAdder();
    private final LongAdder acceptsFailed = new LongAdder();
    private final LongAdder lingerTimeouts = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LogLimit failureLines;
    private volatile boolean ended;

    LoopStats(String name, LongSupplier nanoTime, IntSupplier tasks) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.tasks = tasks;
        this.failureLines = new LogLimit(nanoTime, FAILURES_LOGGED);
        this.periodBegan = new AtomicLong(nanoTime.getAsLong());
    }

    void turnBegan(long nanos) {
        turnBegan.setOpaque(nanos);
    }

    void turnEnded(long began, long ended) {
        long took = ended - began;
        turns.record(took);
        if (ended - periodBegan.getPlain() >= PERIOD_NANOS) {
            longestBefore.setOpaque(ended - periodBegan.getPlain() >= 2 * PERIOD_NANOS ? 0 : longest.getPlain());
            longest.setOpaque(0);
            periodBegan.setOpaque(ended);
        }
        if (took > longest.getPlain()) {
            longest.setOpaque(took);
        }
        turnBegan.setOpaque(NO_TURN);
    }

    void timerRan(long lateNanos) {
        lags.record(lateNanos);
    }

    void taskRefused() {
        tasksRefused.increment();
    }

    void acceptFailed() {
        acceptsFailed.increment();
    }

    void lingerTimedOut() {
        lingerTimeouts.increment();
    }

    void failed() {
        failures.increment();
    }

    LogLimit failureLines() {
        return failureLines;
    }

    void ended() {
        ended = true;
    }

    /**
     * Returns the number of unexpected exceptions: bugs, and failures to get memory. Each has ended one connection or
     * task.
     */
    public long failures() {
        return failures.sum();
    }

    /**
     * Returns whether the loop has ended although nobody stopped it. Everything on it is lost, and the process must be
     * started again.
     */
    public boolean hasEnded() {
        return ended;
    }

    /** Returns the loop's name. */
    public String name() {
        return name;
    }

    /**
     * Returns how long its turns took, without the waiting between them. An event may have waited that long for its
     * handler.
     */
    public TimeHistogram.Times turns() {
        return turns.times();
    }

    /** Returns the longest turn of the last one to two minutes in nanoseconds; includes a turn that has not ended. */
    public long longestTurn() {
        long now = nanoTime.getAsLong();
        long age = now - periodBegan.getOpaque();
        long ended = age >= 2 * PERIOD_NANOS
                ? 0
                : Math.max(longest.getOpaque(), age >= PERIOD_NANOS ? 0 : longestBefore.getOpaque());
        long began = turnBegan.getOpaque();
        return began == NO_TURN ? ended : Math.max(ended, now - began);
    }

    /** Returns how late its timers ran. Up to a millisecond is normal, because the selector counts in milliseconds. */
    public TimeHistogram.Times lags() {
        return lags.times();
    }

    /** Returns the number of tasks that wait. */
    public int tasks() {
        return tasks.getAsInt();
    }

    /** Returns the number of tasks that were refused because {@value EventLoop#MAX_TASKS} already waited. */
    public long tasksRefused() {
        return tasksRefused.sum();
    }

    /** Returns how often a connection could not be accepted, usually because no file descriptor was left. */
    public long acceptsFailed() {
        return acceptsFailed.sum();
    }

    /**
     * Returns the number of connections that were closed because the peer, which had received everything, did not close
     * its side in time.
     */
    public long lingerTimeouts() {
        return lingerTimeouts.sum();
    }
}
