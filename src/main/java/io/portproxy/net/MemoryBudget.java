package io.portproxy.net;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The direct memory of a process for bytes in flight: bytes that wait for slow sockets, bytes that leave through
 * tunnels, and TLS's records. A pool asks for each buffer before it takes it. A refusal is normal: the caller waits, or
 * ends what the buffer was for, and nothing is thrown. In addition there are only a read buffer for each event loop
 * and, up to a quarter of the limit, idle buffers. Any thread.
 */
public final class MemoryBudget {
    private static final Logger log = LoggerFactory.getLogger(MemoryBudget.class);

    /**
     * After the JVM had no memory, it is not asked again for this time: each such request makes the caller wait up to a
     * second.
     */
    private static final long JVM_PAUSE_NANOS = 1_000_000_000L;

    private final long limit;
    private final LongSupplier nanoTime;
    private final AtomicLong used = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private volatile boolean jvmFull;
    private volatile long jvmFullAt;

    /**
     * @param limit the limit in bytes
     */
    public MemoryBudget(long limit) {
        this(limit, System::nanoTime);
    }

    MemoryBudget(long limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /** Takes all of these bytes, or none. Returns whether it took them. */
    boolean tryTake(int bytes, MemoryUse use) {
        if (used.addAndGet(bytes) > use.share(limit)) {
            used.addAndGet(-bytes);
            if (use != MemoryUse.BULK) {
                refused.increment(); // if a small buffer replaces a large one, that does not count
            }
            return false;
        }
        return true;
    }

    void give(int bytes) {
        used.addAndGet(-bytes);
    }

    /** Returns whether a new buffer may be requested from the JVM. */
    boolean mayAllocate() {
        return !jvmFull || nanoTime.getAsLong() - jvmFullAt >= JVM_PAUSE_NANOS;
    }

    /** Notes that the JVM had less memory than the budget. */
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

    /** Returns the number of bytes in use. */
    public long used() {
        return used.get();
    }

    /** Returns the most bytes that may be in use. */
    public long limit() {
        return limit;
    }

    /** Returns how often a buffer was refused, so that a caller had to wait or was reset. */
    public long refused() {
        return refused.sum();
    }
}
