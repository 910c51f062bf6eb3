package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.LogRecorder;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final AtomicLong nanos = new AtomicLong();
    private final MemoryBudget budget = new MemoryBudget(800, nanos::get);

    @Test
    void leavesToEachUseWhatItCanDoWithout() {
        BufferPool pool = new BufferPool(100, 0, budget);

        assertThat(take(pool, MemoryUse.BULK)).isEqualTo(3);
        assertThat(take(pool, MemoryUse.DATA)).isEqualTo(4);
        assertThat(take(pool, MemoryUse.NEEDED)).isEqualTo(1);
        assertThat(budget.used()).isEqualTo(800).isEqualTo(budget.limit());
    }

    /** Takes as many buffers as the pool gives for that use, and returns their number. */
    private static int take(BufferPool pool, MemoryUse use) {
        int count = 0;
        while (pool.take(use) != null) {
            count++;
        }
        return count;
    }

    @Test
    void isSharedByAllPools() {
        BufferPool one = new BufferPool(500, 1, budget);
        BufferPool other = new BufferPool(500, 1, budget);

        ByteBuffer buffer = one.take(MemoryUse.NEEDED);
        assertThat(other.take(MemoryUse.NEEDED)).isNull();
        one.give(buffer);

        assertThat(other.take(MemoryUse.NEEDED)).isNotNull();
    }

    @Test
    void countsWhatWasNotToBeHadAtAllButNotWhatASmallBufferReplaces() {
        BufferPool pool = new BufferPool(801, 0, budget);

        pool.take(MemoryUse.BULK);
        assertThat(budget.refused()).isZero();

        pool.take(MemoryUse.DATA);
        pool.take(MemoryUse.NEEDED);
        assertThat(budget.refused()).isEqualTo(2);
        assertThat(budget.used()).isZero();
    }

    @Test
    void doesNotThrowWhenTheJvmHasLessAndDoesNotAskItAgainAtOnce() {
        MemoryBudget more = new MemoryBudget(Long.MAX_VALUE, nanos::get);
        BufferPool pool = new BufferPool(Integer.MAX_VALUE, 0, more); // -Xmx1g limits direct memory, too
        try (LogRecorder log = new LogRecorder()) {
            assertThat(pool.take(MemoryUse.NEEDED)).isNull();
            assertThat(more.mayAllocate()).isFalse();
            assertThat(pool.take(MemoryUse.NEEDED)).isNull();

            nanos.addAndGet(1_000_000_000L);
            assertThat(more.mayAllocate()).isTrue();
            assertThat(more.used()).isZero();
            assertThat(log.linesWith("no direct memory left"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("-XX:MaxDirectMemorySize", "portproxy.buffer-memory");
        }
    }
}
