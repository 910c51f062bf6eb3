package io.portproxy.store;

import io.portproxy.manage.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The thread that uses a database. An interrupt of a caller does not reach this thread: an interrupt while H2 reads or writes
 * would close H2's file. The thread ends when it has been idle for a while.
 */
final class StoreThread implements AutoCloseable {
    private static final int MAX_WAITING = 64;
    private static final long IDLE_SECONDS = 10;
    private static final String HANGS =
            "the store does not answer, so it is not known yet whether the last change was saved; try again";

    /**
     * The time limit for one task. Every statement has a shorter limit, so a task exceeds this one only if it has many slow
     * statements or the disk hangs.
     */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * The time limit for the end. The driver's limits end the running task earlier, so a task exceeds this limit only if it hangs
     * forever.
     */
    static final Duration AT_THE_END = Duration.ofSeconds(15);

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                Thread thread = new Thread(task, "store");
                thread.setDaemon(true);
                return thread;
            });

    private final Duration patience;
    private volatile boolean hangs; // a task that was given up still runs

    StoreThread() {
        this(PATIENCE);
    }

    /** @param patience the time limit for a task, including its wait for earlier tasks */
    StoreThread(Duration patience) {
        this.patience = patience;
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a task on the thread, and waits for it.
     *
     * @throws StoreException too many tasks wait, the task takes too long, or the thread is closed. A task that takes too long
     *     may still succeed or fail. Until it ends, the thread accepts no other task, see {@link #hangs}
     */
    <T> T call(Supplier<T> task) {
        return call(task, patience, () -> {});
    }

    /** As {@link #call(Supplier)}, with another time limit. */
    <T> T call(Supplier<T> task, Duration longest) {
        return call(task, longest, () -> {});
    }

    /**
     * As {@link #call(Supplier)}.
     *
     * @param late runs on the thread, before any other task, if the task succeeds after the caller gave up
     */
    <T> T call(Supplier<T> task, Runnable late) {
        return call(task, patience, late);
    }

    private <T> T call(Supplier<T> task, Duration longest, Runnable late) {
        if (hangs) {
            throw new StoreException(HANGS);
        }
        AtomicBoolean taken = new AtomicBoolean(); // by the thread that runs it, or the caller that gives up
        CompletableFuture<T> result = submit(() -> {
            if (!taken.compareAndSet(false, true)) {
                throw new CancellationException();
            }
            return task.get();
        });
        try {
            return await(result, longest);
        } catch (TimeoutException e) {
            if (taken.compareAndSet(false, true)) {
                throw new StoreException("the store has been busy for " + longest.toSeconds() + " s; try again");
            }
            giveUp(result, late);
            throw new StoreException(HANGS);
        }
    }

    /**
     * Gives up a task that has begun. If it fails later, nothing has changed. If it succeeds, {@code late} runs, because the
     * caller does not know of the success.
     */
    private void giveUp(CompletableFuture<?> begun, Runnable late) {
        hangs = true;
        var unused = begun.whenComplete((value, failure) -> {
            if (failure == null) {
                late.run();
            }
            hangs = false;
        });
    }

    /** Returns why the thread accepts no task: a task that was given up has not ended. Empty if it accepts tasks. */
    Optional<String> hangs() {
        return hangs ? Optional.of(HANGS) : Optional.empty();
    }

    private static <T> T await(CompletableFuture<T> result, Duration longest) throws TimeoutException {
        long end = System.nanoTime() + longest.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // the caller has to know the outcome
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            } else if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Runs a task on the thread, and does not wait for it.
     *
     * @throws StoreException too many tasks wait, or the thread is closed
     */
    <T> CompletableFuture<T> submit(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, executor);
        } catch (RejectedExecutionException e) {
            throw new StoreException(
                    executor.isShutdown() ? "the server stops" : "too many changes wait for the store");
        }
    }

    /** Waits for the tasks that have begun, and accepts no more. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(AT_THE_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
