package io.portproxy.config.check;

import io.portproxy.config.process.ProcessMemory;
import io.portproxy.config.properties.Sizes;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Determines how much memory the bytes may take that wait for sockets. This memory is outside the heap, which has its own limit.
 */
final class BufferMemory {
    private static final String KEY = "buffer-memory";
    private static final DataSize MIN = DataSize.ofMegabytes(1);
    private static final DataSize MAX = DataSize.ofTerabytes(1);
    private static final DataSize LEAST_DEFAULT = DataSize.ofMegabytes(64);

    /** With this much, hundreds of streams still make progress, but more slowly. */
    private static final DataSize LEAST_IN_NEED = DataSize.ofMegabytes(8);

    private BufferMemory() {}

    /** Returns the limit in bytes. Adds a problem if the operator asked for more than the JVM may take. */
    static long check(RangeCheck ranges, @Nullable DataSize written, ProcessMemory memory, int workers) {
        if (written == null) {
            return byDefault(memory, workers);
        }
        if (ranges.size(KEY, written, MIN, MAX) && written.toBytes() > memory.direct()) {
            ranges.problem(
                    KEY,
                    Sizes.text(written),
                    "is more than the JVM may take outside its heap ("
                            + Sizes.text(DataSize.ofMegabytes(
                                    DataSize.ofBytes(memory.direct()).toMegabytes())) + ")",
                    "write less, or start Java with a larger -XX:MaxDirectMemorySize");
        }
        return written.toBytes();
    }

    /**
     * Returns the default in bytes: a quarter of the direct memory, at least 64 MiB, but never more than half of the direct
     * memory. If the limit of the process leaves less room than that, returns what there is room for, but at least the smaller of
     * 8 MiB and that half.
     */
    static long byDefault(ProcessMemory memory, int workers) {
        long half = memory.direct() / 2;
        long wanted = Math.max(memory.direct() / 4, Math.min(LEAST_DEFAULT.toBytes(), half));
        long least = Math.min(LEAST_IN_NEED.toBytes(), half);
        return Math.min(wanted, Math.max(least, memory.roomForBuffers(workers)));
    }
}
