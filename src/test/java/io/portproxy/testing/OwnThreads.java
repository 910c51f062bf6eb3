package io.portproxy.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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
                .until(() -> group.activeCount() == 0);
    }
}
