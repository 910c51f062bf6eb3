package io.portproxy.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** How an event loop is doing. The loop counts, with plain stores where it happens often; any thread reads. */
public final class LoopStats {
    /** The longest turn is that of the last one to two of these. */
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long NO_TURN = Long.MIN_VALUE;

    /** Lines about what was not foreseen that are seen in ten seconds. */
    private static final int FAILURES_LOGGED = 10;

    private final String name;
    private final LongSupplier nanoTime;
    private final IntSupplier tasks;
    private final TimeHistogram turns = new TimeHistogram();
    private final TimeHistogram lags = new TimeHistogram();
    private final AtomicLong turnBegan = new AtomicLong(NO_TURN);
    private final AtomicLong periodBegan;
    private final AtomicLong longest = new AtomicLong(); // of this period
    private final AtomicLong longestBefore = new AtomicLong(); // of the one before
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

    /** What was thrown and foreseen by nobody: bugs, and memory that was not to be had. Each has cost one connection or task. */
    public long failures() {
        return failures.sum();
    }

    /** Whether the loop has ended although nobody stopped it. What was on it is lost, and the process must be started again. */
    public boolean hasEnded() {
        return ended;
    }

    /** The loop's name. */
    public String name() {
        return name;
    }

    /** How long its turns took, without the waiting between them: for so long may something that happened have waited. */
    public TimeHistogram.Times turns() {
        return turns.times();
    }

    /** The longest turn of the last minute or two in nanoseconds; one that has not ended counts, too. */
    public long longestTurn() {
        long now = nanoTime.getAsLong();
        long age = now - periodBegan.getOpaque();
        long ended = age >= 2 * PERIOD_NANOS
                ? 0
                : Math.max(longest.getOpaque(), age >= PERIOD_NANOS ? 0 : longestBefore.getOpaque());
        long began = turnBegan.getOpaque();
        return began == NO_TURN ? ended : Math.max(ended, now - began);
    }

    /** How late its timers ran. A millisecond is nothing: the selector counts in these. */
    public TimeHistogram.Times lags() {
        return lags.times();
    }

    /** Tasks that wait. */
    public int tasks() {
        return tasks.getAsInt();
    }

    /** Tasks that were refused, as {@value EventLoop#MAX_TASKS} waited already. */
    public long tasksRefused() {
        return tasksRefused.sum();
    }

    /** How often a connection could not be accepted; most often for want of a file descriptor. */
    public long acceptsFailed() {
        return acceptsFailed.sum();
    }

    /** Connections that were closed while their peer, which had got everything, had not closed its side in time. */
    public long lingerTimeouts() {
        return lingerTimeouts.sum();
    }
}
