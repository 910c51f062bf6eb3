package io.portproxy.server.exposed.user;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that compare passwords. Comparison is slow on purpose, so it does not run on the loops, which relay
 * bytes. There are two threads for the whole process, and they exist only while there is work. Any thread.
 */
final class PasswordChecks {
    /** The number of comparisons at a time. */
    private static final int THREADS = 2;

    /** The most comparisons that wait. At a tenth of a second each, the last of them waits about three seconds. */
    private static final int MOST_WAITING = 64;

    /**
     * The most comparisons of one network that run or wait. Somebody who guesses must not keep others out, nor try many
     * passwords at a time.
     */
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
     * Runs a comparison soon. Returns false if too many wait.
     *
     * @param network the user's network; the caller calls {@link #done} for it after the result has been counted
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

    /** Records that a comparison of a network is done. */
    static void done(String network) {
        NETWORKS.computeIfPresent(network, (any, count) -> count == 1 ? null : count - 1);
    }
}
