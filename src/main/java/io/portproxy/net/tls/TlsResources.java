package io.portproxy.net.tls;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tlschannel.BufferAllocator;

/**
 * The resources that all TLS connections of a process share: a few threads for the expensive parts of handshakes
 * (signatures, checks of certificates), so that these do not delay a loop, and buffers for one record each. Any thread.
 */
public final class TlsResources implements AutoCloseable {
    /**
     * The most handshake tasks that may wait for a thread. Beyond this number handshakes fail, and clients retry by
     * themselves.
     */
    static final int MAX_WAITING = 4096;

    /** The size to which tls-channel lets a buffer grow: a whole record with the additions of any cipher. */
    static final int RECORD_BUFFER = 17 * 1024;

    private static final int MAX_IDLE_BUFFERS = 128;
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final RecordBuffers buffers = new RecordBuffers();

    /**
     * @param maxThreads how many handshakes may compute at a time, at least 1; idle threads end
     */
    public TlsResources(int maxThreads) {
        this(maxThreads, numbered());
    }

    /**
     * @param factory creates the threads
     */
    public TlsResources(int maxThreads, ThreadFactory factory) {
        threads = new ThreadPoolExecutor(
                maxThreads, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory numbered() {
        AtomicInteger number = new AtomicInteger();
        return task -> new Thread(task, "tls-" + number.getAndIncrement());
    }

    /**
     * Runs a task of a handshake on one of the threads.
     *
     * @throws RejectedExecutionException if {@value #MAX_WAITING} tasks already wait, or if this object is closed
     */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /**
     * Returns the allocator of heap buffers. The JDK's ciphers work on arrays; with direct buffers they have half the
     * speed or less.
     */
    BufferAllocator buffers() {
        return buffers;
    }

    /** Returns the number of record buffers in use; 0 if no connection is up or in the middle of a record. */
    public int buffersInUse() {
        return buffers.out.get();
    }

    /** Ends the threads after the running tasks have ended. Drops the waiting tasks. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class RecordBuffers implements BufferAllocator {
        private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
        private final AtomicInteger out = new AtomicInteger();

        @Override
        public ByteBuffer allocate(int size) {
            out.incrementAndGet();
            if (size > RECORD_BUFFER) {
                return ByteBuffer.allocate(size);
            }
            ByteBuffer buffer;
            synchronized (idle) {
                buffer = idle.pollLast();
            }
            return buffer == null ? ByteBuffer.allocate(RECORD_BUFFER) : buffer.clear();
        }

        @Override
        public void free(ByteBuffer buffer) {
            out.decrementAndGet();
            if (buffer.capacity() == RECORD_BUFFER) {
                synchronized (idle) {
                    if (idle.size() < MAX_IDLE_BUFFERS) {
                        idle.addLast(buffer);
                    }
                }
            }
        }
    }
}
