package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    private final BufferPool pool = new BufferPool(8, 4, new MemoryBudget(1 << 20));
    private final WriteQueue queue = new WriteQueue(pool);
    private final FakeChannel channel = new FakeChannel();

    @Test
    void keepsBytesInOrder() throws IOException {
        queue.add(bytes(0, 5));
        queue.add(bytes(5, 20));
        assertThat(queue.size()).isEqualTo(25);
        channel.room = 100;

        assertThat(queue.writeTo(channel)).isEqualTo(25);

        assertThat(channel.written()).isEqualTo(bytes(0, 25).array());
        assertThat(queue.size()).isZero();
        assertThat(pool.out()).isZero();
    }

    @Test
    void readsWhatItTakesToTheEndAndCopiesIt() throws IOException {
        ByteBuffer data =
                ByteBuffer.wrap(new byte[] {0, 0, 1, 2, 3, 0}).position(2).limit(5);

        queue.add(data);

        assertThat(data.hasRemaining()).isFalse();
        data.put(2, (byte) 99);
        channel.room = 100;
        queue.writeTo(channel);
        assertThat(channel.written()).containsExactly(1, 2, 3);
    }

    @Test
    void takesDirectReadOnlyBytes() throws IOException {
        ByteBuffer data = ByteBuffer.allocateDirect(20).put(bytes(0, 20)).flip();

        queue.add(data.asReadOnlyBuffer());

        channel.room = 100;
        queue.writeTo(channel);
        assertThat(channel.written()).isEqualTo(bytes(0, 20).array());
    }

    @Test
    void sharesAChunkAmongSmallAdditions() {
        for (int i = 0; i < 8; i++) {
            queue.add(bytes(i, 1));
        }
        assertThat(pool.out()).isEqualTo(1);

        queue.add(bytes(8, 1));

        assertThat(pool.out()).isEqualTo(2);
    }

    @Test
    void takesNoChunkForNothing() throws IOException {
        queue.add(ByteBuffer.allocate(0));

        assertThat(queue.size()).isZero();
        assertThat(pool.out()).isZero();
        assertThat(queue.writeTo(channel)).isZero();
        assertThat(channel.calls).isZero();
    }

    @Test
    void stopsWhereTheChannelDoes() throws IOException {
        queue.add(bytes(0, 30));
        channel.room = 11;

        assertThat(queue.writeTo(channel)).isEqualTo(11);
        assertThat(channel.calls).isEqualTo(1);
        assertThat(queue.size()).isEqualTo(19);
        assertThat(queue.writeTo(channel)).isZero();
        assertThat(queue.size()).isEqualTo(19);
        channel.room = 19;
        assertThat(queue.writeTo(channel)).isEqualTo(19);

        assertThat(channel.written()).isEqualTo(bytes(0, 30).array());
    }

    @Test
    void writesMoreChunksThanOneCallTakes() throws IOException {
        queue.add(bytes(0, 1000));
        channel.room = 1000;

        assertThat(queue.writeTo(channel)).isEqualTo(1000);

        assertThat(channel.written()).isEqualTo(bytes(0, 1000).array());
        assertThat(pool.out()).isZero();
    }

    @Test
    void goesOnInAChunkThatIsHalfWritten() throws IOException {
        queue.add(bytes(0, 5));
        channel.room = 3;
        queue.writeTo(channel);
        queue.add(bytes(5, 2));
        assertThat(pool.out()).isEqualTo(1);
        channel.room = 100;

        queue.writeTo(channel);

        assertThat(channel.written()).isEqualTo(bytes(0, 7).array());
    }

    @Test
    void givesAllChunksBackWhenCleared() throws IOException {
        queue.add(bytes(0, 30));
        channel.room = 10;
        queue.writeTo(channel);

        assertThat(queue.clear()).isEqualTo(20);

        assertThat(queue.size()).isZero();
        assertThat(pool.out()).isZero();
        assertThat(queue.clear()).isZero();
        queue.add(bytes(50, 3));
        channel.room = 100;
        queue.writeTo(channel);
        assertThat(channel.written()).endsWith(50, 51, 52).hasSize(13);
    }

    @Test
    void canBeClearedAfterTheChannelBroke() {
        queue.add(bytes(0, 30));
        channel.broken = true;

        assertThatThrownBy(() -> queue.writeTo(channel)).isInstanceOf(IOException.class);
        queue.clear();

        assertThat(pool.out()).isZero();
    }

    @Test
    void losesAndInventsNothingUnderRandomUse() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            BufferPool shared = new BufferPool(1 + random.nextInt(40), 3, new MemoryBudget(1 << 20));
            WriteQueue each = new WriteQueue(shared);
            FakeChannel to = new FakeChannel();
            int added = 0;
            for (int i = 0; i < 200; i++) {
                if (random.nextInt(3) == 0) {
                    int length = random.nextInt(150);
                    each.add(bytes(added, length));
                    added += length;
                } else {
                    to.room = random.nextInt(4) == 0 ? 0 : random.nextInt(120);
                    int before = to.taken.size();
                    assertThat(each.writeTo(to)).isEqualTo(to.taken.size() - before);
                }
                assertThat(each.size()).isEqualTo(added - to.taken.size());
            }
            to.room = Integer.MAX_VALUE;
            each.writeTo(to);
            assertThat(to.written())
                    .as("seed %d", seed)
                    .isEqualTo(bytes(0, added).array());
            assertThat(shared.out()).isZero();
        }
    }

    private static ByteBuffer bytes(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return ByteBuffer.wrap(bytes);
    }

    /** A channel that takes as many bytes as it has room for, from at most 16 buffers, as writev does. */
    private static final class FakeChannel implements GatheringByteChannel {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int room;
        int calls;
        boolean broken;

        byte[] written() {
            return taken.toByteArray();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            calls++;
            if (broken) {
                throw new IOException("Broken pipe");
            }
            long before = room;
            for (int i = offset; i < offset + Math.min(length, 16); i++) {
                for (; room > 0 && sources[i].hasRemaining(); room--) {
                    taken.write(sources[i].get());
                }
            }
            return before - room;
        }

        @Override
        public long write(ByteBuffer[] sources) throws IOException {
            return write(sources, 0, sources.length);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return (int) write(new ByteBuffer[] {source});
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
