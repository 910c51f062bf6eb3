package io.portproxy.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that orders certificates. It runs the steps of orders, and sleeps between them. Any thread. */
final class OrderThread implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OrderThread.class);
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10); // because somebody may set the clock
    private static final Duration AFTER_A_BUG = Duration.ofMinutes(10);
    private static final long PATIENCE_SECONDS = 5;

    private final Step step;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "acme");
    private boolean woken; // guarded by this
    private volatile boolean closed;

    /** Does what is due, and returns when the next step is necessary. */
    interface Step {
        Instant run() throws InterruptedException;
    }

    OrderThread(Step step, Clock clock) {
        this.step = step;
        this.clock = clock;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Wakes the thread, because there may be something to do. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    private void run() {
        try {
            while (!closed) {
                sleepUntil(stepUnharmed());
            }
        } catch (InterruptedException e) {
            log.debug("no more certificates are ordered"); // it was closed
        }
    }

    private Instant stepUnharmed() throws InterruptedException {
        try {
            return step.run();
        } catch (RuntimeException e) {
            log.error("a bug: ordering certificates failed; next attempt in {}", AFTER_A_BUG, e);
            return clock.instant().plus(AFTER_A_BUG);
        }
    }

    private synchronized void sleepUntil(Instant next) throws InterruptedException {
        Instant latest = Schedule.earlier(next, clock.instant().plus(LONGEST_SLEEP));
        long millis = Duration.between(clock.instant(), latest).toMillis();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!woken && !closed && until - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
        }
        woken = false;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            for (int i = 0; i < PATIENCE_SECONDS && (i == 0 || thread.isAlive()); i++) {
                thread.interrupt(); // repeated, because the library that contacts the authority can lose one
                thread.join(TimeUnit.SECONDS.toMillis(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
