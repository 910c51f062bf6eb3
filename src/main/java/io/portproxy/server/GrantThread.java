package io.portproxy.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that handles the requests of remotes, one after the other, and never during a change of the server's
 * remotes. The loops cannot do this, because binding ports and storing a change block. The thread exists only while
 * there is work. The methods may be called on any thread.
 */
final class GrantThread implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrantThread.class);

    /** The most requests that may wait; further ones are refused. */
    static final int MAX_WAITING = 4096;

    private static final long IDLE_SECONDS = 10;

    private final Object changing;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ScheduledThreadPoolExecutor executor;

    /** @param changing the object whose monitor is held while the server's remotes change */
    GrantThread(Object changing) {
        this.changing = changing;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "granted-ports");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a request of a remote later. Returns false if too many requests wait, or if the server has stopped. */
    boolean ask(Runnable task) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return false;
        }
        boolean taken = must(() -> {
            waiting.decrementAndGet();
            task.run();
        });
        if (!taken) {
            waiting.decrementAndGet();
        }
        return taken;
    }

    /** Runs a task later, however many tasks wait. Returns false if the server has stopped. */
    boolean must(Runnable task) {
        return after(Duration.ZERO, task).isPresent();
    }

    /** Runs a task after a delay, unless the caller cancels the result; empty if the server has stopped. */
    Optional<Future<?>> after(Duration delay, Runnable task) {
        try {
            return Optional.of(executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            return Optional.empty();
        }
    }

    private void guarded(Runnable task) {
        synchronized (changing) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                log.error("a bug, or no memory: a remote's request to expose something failed", e);
            }
        }
    }

    /** Stops the thread. Tasks that wait are dropped. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
