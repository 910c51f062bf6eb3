package io.portproxy.config.check;

import io.portproxy.config.process.ProcessMemory;
import io.portproxy.config.properties.Sizes;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** How much memory bytes may take that wait for sockets. They lie outside the heap, which has a limit of its own. */
final class BufferMemory {
    private static final String KEY = "buffer-memory";
    private static final DataSize MIN = DataSize.ofMegabytes(1);
    private static final DataSize MAX = DataSize.ofTerabytes(1);
    private static final DataSize LEAST_DEFAULT = DataSize.ofMegabytes(64);

    /** With which hundreds of streams still move, each more slowly. */
    private static final DataSize LEAST_IN_NEED = DataSize.ofMegabytes(8);

    private BufferMemory() {}

    /** The ceiling in bytes; a problem is added where more was asked for than the JVM has. */
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

    /** A quarter of the direct memory, at least 64 MiB, but never more than half; and what the limit has no room for only up to 8 MiB. */
    static long byDefault(ProcessMemory memory, int workers) {
        long half = memory.direct() / 2;
        long wanted = Math.max(memory.direct() / 4, Math.min(LEAST_DEFAULT.toBytes(), half));
        long least = Math.min(LEAST_IN_NEED.toBytes(), half);
        return Math.min(wanted, Math.max(least, memory.roomForBuffers(workers)));
    }
}
