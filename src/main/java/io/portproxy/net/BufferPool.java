package io.portproxy.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers of one size, kept for the next use. The pool limits the idle buffers. The {@link MemoryBudget} that
 * all pools of the process share limits the buffers in use. Loop's thread only.
 */
public final class BufferPool {
    /** The size in bytes of the chunks in which bytes wait for a slow socket. */
    static final int CHUNK = 16 * 1024;

    static final int MAX_IDLE_CHUNKS = 1024;

    /**
     * The size in bytes of the buffers that collect a turn's output: four short frames or a long one, with their heads.
     */
    public static final int OUTBOX = 4 * (64 * 1024 + 16);

    static final int MAX_IDLE_OUTBOXES = 16;

    private final int size;
    private final int maxIdle;
    private final MemoryBudget budget;
    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
    private final AtomicInteger out = new AtomicInteger();

    /**
     * @param size the size of each buffer in bytes
     * @param maxIdle how many unused buffers are kept
     * @param budget the budget that buffers in use are taken from
     */
    public BufferPool(int size, int maxIdle, MemoryBudget budget) {
        this.size = size;
        this.maxIdle = maxIdle;
        this.budget = budget;
    }

    static BufferPool chunks(long idleBytes, MemoryBudget budget) {
        return new BufferPool(CHUNK, (int) Math.min(MAX_IDLE_CHUNKS, idleBytes / CHUNK), budget);
    }

    static BufferPool outboxes(long idleBytes, MemoryBudget budget) {
        return new BufferPool(OUTBOX, (int) Math.min(MAX_IDLE_OUTBOXES, Math.max(1, idleBytes / OUTBOX)), budget);
    }

    /** Returns an empty buffer; null if there is no memory for that use. */
    public @Nullable ByteBuffer take(MemoryUse use) {
        if (!budget.tryTake(size, use)) {
            return null;
        }
        ByteBuffer buffer = idle.pollLast(); // the buffer used last is most likely in the cache
        ByteBuffer taken = buffer == null ? allocate() : buffer.clear();
        if (taken == null) {
            budget.give(size);
        } else {
            out.incrementAndGet();
        }
        return taken;
    }

    private @Nullable ByteBuffer allocate() {
        if (!budget.mayAllocate()) {
            return null;
        }
        try {
            return ByteBuffer.allocateDirect(size);
        } catch (OutOfMemoryError e) {
            budget.jvmHadNone();
            return null;
        }
    }

    /** Returns the size of each buffer in bytes. */
    public int size() {
        return size;
    }

    /** Takes a buffer back. The caller must not use it after that. */
    public void give(ByteBuffer buffer) {
        out.decrementAndGet();
        budget.give(size);
        if (idle.size() < maxIdle) {
            idle.addLast(buffer);
        }
    }

    /** Returns the number of buffers in use. Any thread. */
    int out() {
        return out.get();
    }
}
