package io.portproxy.config.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.portproxy.config.problem.Remark;
import io.portproxy.net.EventLoopGroup;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/**
 * What this process may take of memory, and how much there is for it; all in bytes.
 *
 * @param limit the container's limit, or the host's memory
 * @param heap the most that the heap takes
 * @param direct the most that the JVM allows for direct buffers
 * @param java what Java itself takes
 */
public record ProcessMemory(long limit, long heap, long direct, long java) {
    private static final long MB = 1 << 20;

    /** Threads, garbage collection, TLS's library, and what changes in classes. These three are measured, with all of the admin API in use. */
    private static final long BASE = 70 * MB;

    /** The rest of the classes, unless these pages stay in a cache's file (src/main/docker/train), from which the kernel can drop them. */
    private static final long CLASSES = 30 * MB;

    /** Compiled code and its compilers. */
    private static final long COMPILING = 60 * MB;

    /** What both roles start and work with. */
    private static final long LEAST_HEAP = 28 * MB;

    /**
     * The JDK knows the limits of cgroups, in both versions, and its heap's default comes from the same figure; so nothing here reads
     * them. A JVM that does not tell has no limit.
     */
    public static ProcessMemory ofThisJvm() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long heap = Runtime.getRuntime().maxMemory(); // less than the option, by what objects are copied to
        return new ProcessMemory(
                system == null ? Long.MAX_VALUE : system.getTotalMemorySize(),
                option("MaxHeapSize", heap),
                option("MaxDirectMemorySize", heap), // as java(1) has it
                java(
                        ManagementFactory.getRuntimeMXBean().getInputArguments(),
                        option("ReservedCodeCacheSize", COMPILING)));
    }

    /** What Java itself takes with those options. */
    static long java(List<String> options, long codeCache) {
        boolean cache = options.stream()
                .anyMatch(one -> one.startsWith("-XX:AOTCache=") || one.startsWith("-XX:SharedArchiveFile="));
        boolean inPlace = cache && options.contains("-XX:ArchiveRelocationMode=0"); // else each page of it is changed
        return BASE + (inPlace ? 0 : CLASSES) + Math.min(COMPILING, codeCache);
    }

    /** An option of the JVM, which is 0 where the JVM decides later. */
    private static long option(String name, long otherwise) {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long told =
                hotSpot == null ? 0 : Long.parseLong(hotSpot.getVMOption(name).getValue());
        return told > 0 ? told : otherwise;
    }

    /** How large {@code portproxy.buffer-memory} may be for all to fit; below 0 if nothing does. */
    public long roomForBuffers(int workers) {
        return (limit - heap - java - EventLoopGroup.mostMemory(workers, 0)) / 5 * 4; // a fifth for idle buffers
    }

    /** What to say if it does not fit. */
    public Optional<Remark> remark(long bufferMemory, int workers) {
        long buffers = Math.min(direct, EventLoopGroup.mostMemory(workers, bufferMemory));
        long sum = heap + buffers + java;
        if (sum <= limit) {
            return Optional.empty();
        }
        return Optional.of(new Remark(
                false,
                "this process may take " + text(sum) + " of memory, but its container or host has " + text(limit)
                        + ": beyond that the system kills it, and nothing is in this log. The sum is "
                        + text(heap) + " for the heap (-Xmx), "
                        + text(buffers) + " for buffers (portproxy.buffer-memory is " + text(bufferMemory)
                        + ", and -XX:MaxDirectMemorySize " + text(direct) + ") and "
                        + text(java) + " for Java itself: " + fix(buffers, workers)
                        + ", or set a limit of " + text(sum) + " or more"));
    }

    private String fix(long buffers, int workers) {
        long roomForHeap = limit - buffers - java;
        if (roomForHeap >= LEAST_HEAP) {
            return "start Java with -Xmx" + roomForHeap / MB + "m";
        }
        long roomForBuffers = roomForBuffers(workers) / MB;
        return roomForBuffers > 0
                ? "set portproxy.buffer-memory to " + roomForBuffers + "MB"
                : "start Java with the options for a small container in operations.md";
    }

    private static String text(long bytes) {
        return (bytes + MB - 1) / MB + "MB";
    }
}
