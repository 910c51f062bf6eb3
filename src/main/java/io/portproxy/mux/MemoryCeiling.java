package io.portproxy.mux;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that wait for sockets in the whole process, and their limit. Above the limit, PortProxy does not read the
 * tunnels whose streams these bytes belong to; other tunnels go on. Any thread.
 */
public final class MemoryCeiling {
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong promised = new AtomicLong();

    /**
     * @param limit in bytes
     */
    public MemoryCeiling(long limit) {
        this.limit = limit;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }

    /** Returns the number of bytes that wait now. */
    public long used() {
        return used.get();
    }

    /** Returns the most bytes that may wait. One read of each tunnel can come on top. */
    public long limit() {
        return limit;
    }

    /** Adds the bytes by which a window has grown; a negative number gives them back. */
    void promise(long bytes) {
        promised.addAndGet(bytes);
    }

    /** Returns the number of bytes by which all windows have grown. */
    public long promised() {
        return promised.get();
    }

    /** Returns the most bytes by which all windows of the process together may grow. */
    public long promiseLimit() {
        return limit / 2;
    }

    long unpromised() {
        return promiseLimit() - promised.get();
    }

    boolean isExceeded() {
        return used.get() > limit;
    }

    boolean isRelaxed() {
        return used.get() <= limit / 2;
    }
}
