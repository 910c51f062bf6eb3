package io.portproxy.server.exposed;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where passwords are compared, which is slow on purpose: on two threads for the whole process, which are there while there is something to do,
 * and not on the loops, which relay bytes. Any thread.
 */
final class PasswordChecks {
    /** So many are compared at a time. */
    private static final int THREADS = 2;

    /** So many wait. At a tenth of a second each, the last of them waits some three seconds. */
    private static final int MOST_WAITING = 64;

    private static final Duration IDLE = Duration.ofSeconds(5);

    private static final ThreadPoolExecutor EXECUTOR = executor();

    private PasswordChecks() {}

    private static ThreadPoolExecutor executor() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE.toNanos(),
                TimeUnit.NANOSECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "password-check");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Runs it soon, or returns false: too many wait. */
    static boolean tryRun(Runnable check) {
        try {
            EXECUTOR.execute(check);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
