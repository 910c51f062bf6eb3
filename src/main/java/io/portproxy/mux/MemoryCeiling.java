package io.portproxy.mux;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that wait for sockets in the whole process, and how many may. Above that, tunnels to whose streams the bytes
 * belong are not read; the others go on. Safe for any thread.
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

    /** Bytes that wait now. */
    public long used() {
        return used.get();
    }

    /** The most that may wait; one read of each tunnel can come on top. */
    public long limit() {
        return limit;
    }

    /** Counts bytes by which a window has grown, or with a minus, which it gives back. */
    void promise(long bytes) {
        promised.addAndGet(bytes);
    }

    /** By how many bytes windows have grown. */
    public long promised() {
        return promised.get();
    }

    /** By how many they may, all of the process together. */
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
