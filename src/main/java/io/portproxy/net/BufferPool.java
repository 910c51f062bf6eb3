package io.portproxy.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers of one size, kept for the next use. It bounds what lies idle, not what is out: whoever takes buffers
 * has a limit of its own. Loop's thread only.
 */
public final class BufferPool {
    /** Size of the chunks in which bytes wait for a slow socket. */
    static final int CHUNK = 16 * 1024;

    static final int MAX_IDLE_CHUNKS = 1024;

    /** Size of the buffers in which a turn's output is gathered: four short frames, or a long one, and their heads. */
    static final int OUTBOX = 4 * (64 * 1024 + 16);

    static final int MAX_IDLE_OUTBOXES = 16;

    private final int size;
    private final int maxIdle;
    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
    private final AtomicInteger out = new AtomicInteger();

    /**
     * @param size of each buffer in bytes
     * @param maxIdle how many unused buffers are kept
     */
    public BufferPool(int size, int maxIdle) {
        this.size = size;
        this.maxIdle = maxIdle;
    }

    /** An empty buffer. */
    public ByteBuffer take() {
        ByteBuffer buffer = idle.pollLast(); // the one used last is the one most likely in the cache
        ByteBuffer taken = buffer == null ? ByteBuffer.allocateDirect(size) : buffer.clear();
        out.incrementAndGet();
        return taken;
    }

    /** Gives a buffer back; the caller must not touch it any more. */
    public void give(ByteBuffer buffer) {
        out.decrementAndGet();
        if (idle.size() < maxIdle) {
            idle.addLast(buffer);
        }
    }

    /** Buffers taken and not given back. Any thread. */
    int out() {
        return out.get();
    }
}
