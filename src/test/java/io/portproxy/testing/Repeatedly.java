package io.portproxy.testing;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Does something again and again, from a thread of its own, until it fails or is closed. */
public final class Repeatedly implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger times = new AtomicInteger();

    /** What is done. */
    @FunctionalInterface
    public interface Step {
        /** Does it once more. */
        void run() throws IOException;
    }

    /** Begins. */
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

    /** How often it was done. */
    public int times() {
        return times.get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
