package io.portproxy.server.exposed;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    /** So many of one network are compared or wait: who guesses must not keep others out, nor guess many at a time. */
    private static final int MOST_OF_A_NETWORK = 8;

    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final Map<String, Integer> NETWORKS = new ConcurrentHashMap<>();

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

    /**
     * Runs it soon, or returns false: too many wait.
     *
     * @param network the user's; {@link #done} is to be called when what was found out counts
     */
    static boolean tryRun(String network, Runnable check) {
        if (NETWORKS.merge(network, 1, Integer::sum) > MOST_OF_A_NETWORK) {
            done(network);
            return false;
        }
        try {
            EXECUTOR.execute(check);
            return true;
        } catch (RejectedExecutionException e) {
            done(network);
            return false;
        }
    }

    /** One of a network's is done. */
    static void done(String network) {
        NETWORKS.computeIfPresent(network, (any, count) -> count == 1 ? null : count - 1);
    }
}
