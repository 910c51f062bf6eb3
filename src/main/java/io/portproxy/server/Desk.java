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
 * Handles the requests of remotes one after the other, and never during a change of the server's remotes. It has a
 * thread of its own, because binding ports and storing a change block. The thread exists only while there is work. Any
 * thread.
 */
final class Desk implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    /** Requests that may wait; further ones are refused. */
    static final int MAX_WAITING = 4096;

    private static final long IDLE_SECONDS = 10;

    private final Object changing;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ScheduledThreadPoolExecutor executor;

    /** @param changing whose monitor is held while the server's remotes are changed */
    Desk(Object changing) {
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

    /** Does what a remote asks for; {@code false}: too many wait already, or the server has stopped. */
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

    /** Does what is to be done in any case; {@code false}: the server has stopped. */
    boolean must(Runnable task) {
        return after(Duration.ZERO, task).isPresent();
    }

    /** Does something after a while, unless that is cancelled; empty: the server has stopped. */
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

    /** Does nothing more. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
