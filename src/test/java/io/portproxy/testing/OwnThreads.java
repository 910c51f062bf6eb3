package io.portproxy.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** A group for the threads that a task starts, and for those that they start. A test can see that all of them end. */
final class OwnThreads {
    private final ThreadGroup group;

    OwnThreads(String name) {
        group = new ThreadGroup(name);
    }

    /** Calls a task on a thread of the group. The threads that it makes belong to the group too. */
    <T> T call(Callable<T> task) throws InterruptedException, ExecutionException {
        FutureTask<T> result = new FutureTask<>(task);
        Thread thread = new Thread(group, result, group.getName());
        thread.start();
        thread.join();
        return result.get();
    }

    void awaitEnd() {
        await("the threads of " + group.getName())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(this::haveEnded);
    }

    private boolean haveEnded() {
        Thread[] threads = new Thread[group.activeCount() + 16];
        int count = group.enumerate(threads);
        return Arrays.stream(threads, 0, count).allMatch(OwnThreads::endsSoon);
    }

    /**
     * Returns whether a pool's thread has no task and ends by itself when it has waited long enough for one. To wait for that would
     * cost a second in each test.
     */
    private static boolean endsSoon(Thread thread) {
        if (thread.getState() != Thread.State.TIMED_WAITING) {
            return false;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return Arrays.stream(stack).anyMatch(OwnThreads::isWaitForTask)
                && Arrays.stream(stack)
                        .noneMatch(
                                frame -> frame.getClassName().startsWith(ScheduledThreadPoolExecutor.class.getName()));
    }

    private static boolean isWaitForTask(StackTraceElement frame) {
        return frame.getClassName().equals(ThreadPoolExecutor.class.getName())
                && frame.getMethodName().equals("getTask");
    }
}
