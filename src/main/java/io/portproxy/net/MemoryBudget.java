package io.portproxy.net;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The direct memory of a process that holds bytes under way: what waits for slow sockets, what leaves through tunnels, and TLS's
 * records. Each buffer is asked for before it is taken, and an answer of no is an ordinary one: whoever asks waits, or gives up
 * what it was for, and nothing is thrown. Beside it are only a read buffer for each event loop and, up to a quarter of the limit, idle
 * buffers. Safe for any thread.
 */
public final class MemoryBudget {
    private static final Logger log = LoggerFactory.getLogger(MemoryBudget.class);

    /** After the JVM had no memory it is not asked for a while: each time, it makes the caller wait for up to a second. */
    private static final long JVM_PAUSE_NANOS = 1_000_000_000L;

    private final long limit;
    private final LongSupplier nanoTime;
    private final AtomicLong used = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private volatile boolean jvmFull;
    private volatile long jvmFullAt;

    /**
     * @param limit in bytes
     */
    public MemoryBudget(long limit) {
        this(limit, System::nanoTime);
    }

    MemoryBudget(long limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /** Takes so many bytes, or none. */
    boolean tryTake(int bytes, MemoryUse use) {
        if (used.addAndGet(bytes) > use.share(limit)) {
            used.addAndGet(-bytes);
            if (use != MemoryUse.BULK) {
                refused.increment(); // a small buffer in place of a large one is not worth counting
            }
            return false;
        }
        return true;
    }

    void give(int bytes) {
        used.addAndGet(-bytes);
    }

    /** Whether the JVM may be asked for a buffer that is not there yet. */
    boolean mayAllocate() {
        return !jvmFull || nanoTime.getAsLong() - jvmFullAt >= JVM_PAUSE_NANOS;
    }

    /** The JVM had less than the budget. */
    void jvmHadNone() {
        refused.increment();
        jvmFullAt = nanoTime.getAsLong();
        if (!jvmFull) {
            jvmFull = true;
            log.warn(
                    "the JVM has no direct memory left with {} of {} bytes of portproxy.buffer-memory in use;"
                            + " start Java with a larger -XX:MaxDirectMemorySize, or lower portproxy.buffer-memory",
                    used.get(),
                    limit);
        }
    }

    /** Bytes in use. */
    public long used() {
        return used.get();
    }

    /** The most that may be. */
    public long limit() {
        return limit;
    }

    /** How often a buffer was not to be had, so that somebody had to wait or was reset. */
    public long refused() {
        return refused.sum();
    }
}
