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
 * The thread that a database is used by. An interrupt of who waits does not reach it: one while H2 reads or writes would close H2's
 * file. It ends when nothing has been asked for a while.
 */
final class StoreThread implements AutoCloseable {
    private static final int MAX_WAITING = 64;
    private static final long IDLE_SECONDS = 10;
    private static final String HANGS =
            "the store hangs: whether the last change is kept will be known when it answers; try again";

    /** For one thing. Every statement has a shorter limit, so this is reached by many slow ones, or by a disk that hangs. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What was begun ends within the driver's limits, so this is only ever reached by what hangs for ever. */
    static final Duration AT_THE_END = Duration.ofSeconds(15);

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                Thread thread = new Thread(task, "store");
                thread.setDaemon(true);
                return thread;
            });

    private final Duration patience;
    private volatile boolean hangs; // what was begun has been given up, and may happen yet

    StoreThread() {
        this(PATIENCE);
    }

    /** @param patience how long something may take, with its wait for what was asked for before it */
    StoreThread(Duration patience) {
        this.patience = patience;
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Does something there, and waits for it.
     *
     * @throws StoreException too much waits already, it takes too long, or the thread has been closed. What takes too long is
     *     done in the end, or not: until that is known, nothing else is, see {@link #hangs}
     */
    <T> T call(Supplier<T> task) {
        return call(task, patience, () -> {});
    }

    /** As {@link #call(Supplier)}, with another patience. */
    <T> T call(Supplier<T> task, Duration longest) {
        return call(task, longest, () -> {});
    }

    /**
     * As {@link #call(Supplier)}.
     *
     * @param late is told there, before anything else is done, that it was done after it had been given up
     */
    <T> T call(Supplier<T> task, Runnable late) {
        return call(task, patience, late);
    }

    private <T> T call(Supplier<T> task, Duration longest, Runnable late) {
        if (hangs) {
            throw new StoreException(HANGS);
        }
        AtomicBoolean taken = new AtomicBoolean(); // by who does it, or who gives it up
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

    /** What has failed in the end is as if it had never been. What was done was not seen by who asked for it. */
    private void giveUp(CompletableFuture<?> begun, Runnable late) {
        hangs = true;
        var unused = begun.whenComplete((value, failure) -> {
            if (failure == null) {
                late.run();
            }
            hangs = false;
        });
    }

    /** Why nothing is done now: what was given up has not ended. */
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
                    interrupted = true; // whether it was done has to be known
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
     * Has something done there.
     *
     * @throws StoreException too much waits already, or the thread has been closed
     */
    <T> CompletableFuture<T> submit(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, executor);
        } catch (RejectedExecutionException e) {
            throw new StoreException(
                    executor.isShutdown() ? "the server stops" : "too many changes wait for the store");
        }
    }

    /** Lets what was begun end, and takes no more. */
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
