package io.portproxy.store;

import io.portproxy.manage.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The thread that a database is used by. An interrupt of who waits does not reach it: one while H2 reads or writes would close H2's
 * file. It ends when nothing has been asked for a while.
 */
final class StoreThread implements AutoCloseable {
    private static final int MAX_WAITING = 64;
    private static final long IDLE_SECONDS = 10;

    /** What was begun ends within the driver's limits, so this is only ever reached by what hangs for ever. */
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(15);

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                Thread thread = new Thread(task, "store");
                thread.setDaemon(true);
                return thread;
            });

    StoreThread() {
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Does something there, and waits for it.
     *
     * @throws StoreException too much waits already, or the thread has been closed
     */
    <T> T call(Supplier<T> task) {
        CompletableFuture<T> result = submit(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
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
            executor.awaitTermination(PATIENCE_AT_THE_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
