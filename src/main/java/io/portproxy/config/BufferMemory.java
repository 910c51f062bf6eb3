package io.portproxy.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** How much memory bytes may take that wait for sockets. They lie outside the heap, which has a limit of its own. */
final class BufferMemory {
    private static final String KEY = "buffer-memory";
    private static final DataSize MIN = DataSize.ofMegabytes(1);
    private static final DataSize MAX = DataSize.ofTerabytes(1);
    private static final DataSize LEAST_DEFAULT = DataSize.ofMegabytes(64);

    private BufferMemory() {}

    /** The ceiling in bytes; a problem is added where more was asked for than the JVM has. */
    static long check(RangeCheck ranges, @Nullable DataSize written) {
        long direct = maxDirectMemory();
        if (written == null) {
            return ofDirectMemory(direct);
        }
        if (ranges.size(KEY, written, MIN, MAX) && written.toBytes() > direct) {
            ranges.problem(
                    KEY,
                    RangeCheck.text(written),
                    "is more than the JVM may take outside its heap ("
                            + RangeCheck.text(DataSize.ofMegabytes(
                                    DataSize.ofBytes(direct).toMegabytes())) + ")",
                    "write less, or start Java with a larger -XX:MaxDirectMemorySize");
        }
        return written.toBytes();
    }

    /** A quarter, at least 64 MiB, but never more than half. */
    static long ofDirectMemory(long bytes) {
        return Math.max(bytes / 4, Math.min(LEAST_DEFAULT.toBytes(), bytes / 2));
    }

    /** What the JVM was told, else as much as its heap may have (java(1), MaxDirectMemorySize). */
    private static long maxDirectMemory() {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long told = hotSpot == null
                ? 0
                : Long.parseLong(hotSpot.getVMOption("MaxDirectMemorySize").getValue());
        return told > 0 ? told : Runtime.getRuntime().maxMemory();
    }
}
