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

/** Tests that no caller waits for a store forever. */
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
    void whatHangsIsGivenUpAndNothingBuildsOnItUntilItsEndIsTold() {
        AtomicBoolean late = new AtomicBoolean();
        assertThatThrownBy(() -> thread.call(this::hang, () -> late.set(true)))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("does not answer", "try again");
        assertThat(thread.hangs()).isPresent();
        assertThatThrownBy(() -> thread.call(() -> "more"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not answer");
        assertThat(late).isFalse();
        release.countDown();

        await().until(() -> thread.hangs().isEmpty());
        assertThat(late).as("it was done, behind the back of who asked for it").isTrue();
        assertThat(thread.call(() -> "more")).isEqualTo("more");
    }

    @Test
    void whatEndsInTimeIsNotLate() {
        AtomicBoolean late = new AtomicBoolean();

        assertThat(thread.call(() -> "done", () -> late.set(true))).isEqualTo("done");

        assertThat(thread.submit(() -> "free").join()).isEqualTo("free");
        assertThat(late).isFalse();
    }

    @Test
    void whatHasFailedInTheEndIsAsIfItHadNotBeen() {
        assertThatThrownBy(() -> thread.call(() -> {
                    hang();
                    throw new StoreException("the disk is away");
                }))
                .hasMessageContaining("does not answer");
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
