package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private final MemoryBudget budget = new MemoryBudget(1000);
    private final BufferPool pool = new BufferPool(100, 2, budget);

    @Test
    void givesEmptyDirectBuffers() {
        ByteBuffer buffer = pool.take(MemoryUse.NEEDED);

        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.capacity()).isEqualTo(100);
        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(100);
    }

    @Test
    void givesAUsedBufferAgainAsANewOne() {
        ByteBuffer used = pool.take(MemoryUse.NEEDED);
        used.putInt(1).flip();
        pool.give(used);

        ByteBuffer again = pool.take(MemoryUse.NEEDED);

        assertThat(again).isSameAs(used);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(100);
    }

    @Test
    void neverGivesABufferTwice() {
        ByteBuffer first = pool.take(MemoryUse.NEEDED);
        pool.give(first);

        assertThat(pool.take(MemoryUse.NEEDED)).isSameAs(first);
        assertThat(pool.take(MemoryUse.NEEDED)).isNotSameAs(first);
    }

    @Test
    void keepsNoMoreThanItsBound() {
        ByteBuffer first = pool.take(MemoryUse.NEEDED);
        ByteBuffer second = pool.take(MemoryUse.NEEDED);
        ByteBuffer third = pool.take(MemoryUse.NEEDED);
        pool.give(first);
        pool.give(second);
        pool.give(third);

        assertThat(pool.take(MemoryUse.NEEDED)).isSameAs(second);
        assertThat(pool.take(MemoryUse.NEEDED)).isSameAs(first);
        assertThat(pool.take(MemoryUse.NEEDED))
                .isNotSameAs(first)
                .isNotSameAs(second)
                .isNotSameAs(third);
    }

    @Test
    void countsWhatIsOut() {
        assertThat(pool.out()).isZero();
        ByteBuffer first = pool.take(MemoryUse.NEEDED);
        ByteBuffer second = pool.take(MemoryUse.NEEDED);
        assertThat(pool.out()).isEqualTo(2);

        pool.give(first);
        assertThat(pool.out()).isEqualTo(1);
        pool.give(second);

        assertThat(pool.out()).isZero();
    }
}
