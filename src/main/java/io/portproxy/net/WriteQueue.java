package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;

/** Bytes that wait for one slow socket, in pooled chunks. It has no limit of its own. Loop's thread only. */
public final class WriteQueue {
    /**
     * The most chunks in one write: 256 KiB, more than most sockets take at once. The JDK would pass up to IOV_MAX
     * buffers to writev (1024 on Linux).
     */
    private static final int MAX_GATHER = 16;

    private final BufferPool pool;
    // Each is ready to be read; the last one may have room.
    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>(2);
    private long size;

    /**
     * @param pool the source of the chunks
     */
    public WriteQueue(BufferPool pool) {
        this.pool = pool;
    }

    /** Returns the number of bytes that wait. */
    public long size() {
        return size;
    }

    /** Returns how many bytes of memory those bytes use: whole chunks. */
    public long footprint() {
        return (long) chunks.size() * BufferPool.CHUNK;
    }

    /**
     * Copies all of {@code data} to the end.
     *
     * @return false if there is no memory for all of it; the queue is then no longer usable
     */
    public boolean add(ByteBuffer data) {
        while (data.hasRemaining()) {
            ByteBuffer last = chunks.peekLast();
            if (last == null || last.limit() == last.capacity()) {
                last = pool.take(MemoryUse.NEEDED);
                if (last == null) {
                    return false;
                }
                chunks.addLast(last.limit(0));
            }
            int start = last.limit();
            int length = Math.min(data.remaining(), last.capacity() - start);
            last.limit(start + length).put(start, data, data.position(), length);
            data.position(data.position() + length);
            size += length;
        }
        return true;
    }

    /**
     * Writes as many bytes as the channel takes.
     *
     * @return the number of bytes written
     */
    public long writeTo(GatheringByteChannel channel) throws IOException {
        long total = 0;
        while (size > 0) {
            int count = Math.min(MAX_GATHER, chunks.size());
            ByteBuffer[] sources = new ByteBuffer[count];
            var iterator = chunks.iterator();
            for (int i = 0; i < count; i++) {
                sources[i] = iterator.next();
            }
            long written = channel.write(sources);
            total += written;
            size -= written;
            while (!chunks.isEmpty() && !chunks.getFirst().hasRemaining()) {
                pool.give(chunks.removeFirst());
            }
            if (written == 0 || sources[count - 1].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    /**
     * Does the same as {@link #writeTo(GatheringByteChannel)}, but writes at most {@code most} bytes.
     *
     * @param most 1 or more
     */
    public long writeTo(GatheringByteChannel channel, long most) throws IOException {
        long total = 0;
        while (total < most && size > 0) {
            ByteBuffer first = chunks.getFirst();
            int end = first.limit();
            first.limit((int) Math.min(end, first.position() + most - total));
            long written;
            boolean full;
            try {
                written = channel.write(first);
                full = first.hasRemaining();
            } finally {
                first.limit(end);
            }
            total += written;
            size -= written;
            if (!first.hasRemaining()) {
                pool.give(chunks.removeFirst());
            }
            if (full) {
                break;
            }
        }
        return total;
    }

    /**
     * Discards the waiting bytes.
     *
     * @return how many bytes were discarded
     */
    public long clear() {
        long dropped = size;
        size = 0;
        while (!chunks.isEmpty()) {
            pool.give(chunks.removeFirst());
        }
        return dropped;
    }
}
