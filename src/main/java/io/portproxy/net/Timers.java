package io.portproxy.net;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Timers of one event loop, in the order of their deadlines. Loop's thread only. */
public final class Timers {
    private final LongSupplier nanoTime;
    private final LoopStats stats;
    private final Guard guard;
    private final TreeSet<Timer> waiting =
            new TreeSet<>(Comparator.<Timer>naturalOrder()); // removal in logarithmic time: most timers are cancelled
    private long sequence;
    private long missed; // nanoseconds in which the loop did not run

    Timers(LongSupplier nanoTime, LoopStats stats, Guard guard) {
        this.nanoTime = nanoTime;
        this.stats = stats;
        this.guard = guard;
    }

    /**
     * Runs {@code task} once, {@code nanos} nanoseconds from now or a little later. If it throws, that is only logged.
     */
    public Timer after(long nanos, Runnable task) {
        return after(nanos, task, Guard.NOTHING);
    }

    /**
     * Runs {@code task} once, {@code nanos} nanoseconds from now or a little later.
     *
     * @param onFailure runs if the task throws, to end the owner of the task
     */
    public Timer after(long nanos, Runnable task, Runnable onFailure) {
        return add(nanos, task, onFailure, false);
    }

    /**
     * Does the same as {@link #after(long, Runnable)}, for a task that may end a peer because of its silence. Time in
     * which this loop did not run does not count, and the sockets have been read after it.
     */
    public Timer afterAwake(long nanos, Runnable task) {
        return afterAwake(nanos, task, Guard.NOTHING);
    }

    /**
     * Does the same as {@link #after(long, Runnable, Runnable)}, with the time of {@link #afterAwake(long, Runnable)}.
     */
    public Timer afterAwake(long nanos, Runnable task, Runnable onFailure) {
        return add(nanos, task, onFailure, true);
    }

    private Timer add(long nanos, Runnable task, Runnable onFailure, boolean awake) {
        Timer timer = new Timer(nanoTime.getAsLong() + nanos, sequence++, task, onFailure, awake, missed);
        waiting.add(timer);
        return timer;
    }

    /** Counts time in which the loop did not run. */
    void missed(long nanos) {
        missed += nanos;
    }

    /** Returns the time in which the loop did not run, in nanoseconds. */
    long missed() {
        return missed;
    }

    /** Returns how long the loop may wait: the milliseconds to the next deadline, at least 1; 0 if no timer waits. */
    long millisToNext() {
        return millisToNext(nanoTime.getAsLong());
    }

    /** Does the same as {@link #millisToNext()}, if the time is known. */
    long millisToNext(long now) {
        if (waiting.isEmpty()) {
            return 0;
        }
        long nanos = waiting.first().deadline - now;
        // Rounded up: a loop that woke a fraction of a millisecond early would spin until the deadline.
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }

    void runDue() {
        runDue(nanoTime.getAsLong());
    }

    /** Does the same as {@link #runDue()}, if the time is known. */
    void runDue(long now) {
        while (!waiting.isEmpty() && waiting.first().deadline - now <= 0) {
            Timer due = waiting.pollFirst();
            if (due.awake && due.missedBefore != missed) {
                due.deadline += missed - due.missedBefore;
                due.missedBefore = missed;
                waiting.add(due);
                continue;
            }
            stats.timerRan(now - due.deadline);
            guard.run(due.task, due.onFailure);
        }
    }

    /** A task that waits. */
    public final class Timer implements Comparable<Timer> {
        private long deadline; // changes only while the timer is not in "waiting"
        private final long order;
        private final Runnable task;
        private final Runnable onFailure;
        private final boolean awake;
        private long missedBefore;

        private Timer(long deadline, long order, Runnable task, Runnable onFailure, boolean awake, long missedBefore) {
            this.deadline = deadline;
            this.order = order;
            this.onFailure = onFailure;
            this.task = task;
            this.awake = awake;
            this.missedBefore = missedBefore;
        }

        /** Makes sure that the task does not run any more. Does nothing if it has run. */
        public void cancel() {
            waiting.remove(this);
        }

        @Override
        public int compareTo(Timer other) {
            long difference = deadline - other.deadline; // nanoTime may wrap, but the difference is still right
            return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }
}
