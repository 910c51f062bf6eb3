package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One event loop for each test, which ends with the test. What the loop leaves behind fails the test. */
final class LoopExtension implements BeforeEachCallback, AfterEachCallback {
    private EventLoopGroup group;
    private EventLoop loop;

    @Override
    public void beforeEach(ExtensionContext context) {
        group = new EventLoopGroup("loop of " + context.getDisplayName() + " ", 1, new MemoryBudget(1 << 30));
        group.start();
        loop = group.next();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        group.close();
        assertThat(group.buffersInUse()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals(loop.toString()));
    }

    EventLoop loop() {
        return loop;
    }

    EventLoopGroup group() {
        return group;
    }

    /** Runs a task on the loop's thread and waits for the result. */
    <T> T call(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }
}
