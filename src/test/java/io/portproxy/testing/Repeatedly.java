package io.portproxy.testing;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a step again and again, on a thread of its own, until the step fails or this object is closed. */
public final class Repeatedly implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger times = new AtomicInteger();

    /** The step to run. */
    @FunctionalInterface
    public interface Step {
        /** Runs the step once. */
        void run() throws IOException;
    }

    /** Begins to run the step. */
    public Repeatedly(long intervalMillis, Step step) {
        timer.execute(() -> next(intervalMillis, step));
    }

    private void next(long intervalMillis, Step step) {
        try {
            step.run();
            times.incrementAndGet();
            var unused = timer.schedule(() -> next(intervalMillis, step), intervalMillis, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // The other side has ended.
        }
    }

    /** Returns how often the step has run. */
    public int times() {
        return times.get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
