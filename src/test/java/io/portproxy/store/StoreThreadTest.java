package io.portproxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.manage.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody waits for a store for ever. */
class StoreThreadTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final StoreThread thread = new StoreThread(SHORT);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        thread.close();
    }

    private String hang() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "done";
    }

    @Test
    void whatHangsIsGivenUpAndNothingBuildsOnIt() {
        assertThatThrownBy(() -> thread.call(this::hang))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("hangs", "restart");
        release.countDown();

        await().until(() -> thread.submit(() -> "free").join().equals("free"));
        assertThatThrownBy(() -> thread.call(() -> "more"))
                .as("it was done, behind the back of who asked for it")
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("hangs");
    }

    @Test
    void whatHasFailedInTheEndIsAsIfItHadNotBeen() {
        assertThatThrownBy(() -> thread.call(() -> {
                    hang();
                    throw new StoreException("the disk is away");
                }))
                .hasMessageContaining("hangs");
        release.countDown();

        await().ignoreExceptions().until(() -> thread.call(() -> "more").equals("more"));
    }

    @Test
    void whatHasNotBegunIsNotDoneLater() {
        CompletableFuture<String> slow = thread.submit(this::hang);
        AtomicBoolean done = new AtomicBoolean();

        assertThatThrownBy(() -> thread.call(() -> {
                    done.set(true);
                    return "";
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("busy", "try again");
        release.countDown();
        slow.join();

        assertThat(thread.call(() -> "the next one")).isEqualTo("the next one");
        assertThat(done).isFalse();
    }
}
