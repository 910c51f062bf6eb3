package io.portproxy.config.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.portproxy.config.problem.Remark;
import io.portproxy.net.EventLoopGroup;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/**
 * The memory that this process may take, and the memory that it may use. All values are in bytes.
 *
 * @param limit the container's limit, or the host's memory
 * @param heap the most that the heap takes
 * @param direct the most that the JVM allows for direct buffers
 * @param java what Java itself takes
 */
public record ProcessMemory(long limit, long heap, long direct, long java) {
    private static final long MB = 1 << 20;

    /**
     * Threads, garbage collection, the TLS library, and the data in classes that change. This value and the next two were
     * measured with all of the admin API in use.
     */
    private static final long BASE = 70 * MB;

    /**
     * The rest of the classes, unless these pages stay in the file of a cache (src/main/docker/train), from which the kernel can
     * drop them.
     */
    private static final long CLASSES = 30 * MB;

    /** The compiled code and its compilers. */
    private static final long COMPILING = 60 * MB;

    /** The smallest heap that both roles need for their start and their work. */
    private static final long LEAST_HEAP = 28 * MB;

    /**
     * Returns the memory of this JVM. This code does not read the limits of cgroups itself: the JDK knows them in both versions,
     * and derives the default size of the heap from them. If the JVM reports no limit, there is none.
     */
    public static ProcessMemory ofThisJvm() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long heap = Runtime.getRuntime().maxMemory(); // less than the option, by one survivor space
        return new ProcessMemory(
                system == null ? Long.MAX_VALUE : system.getTotalMemorySize(),
                option("MaxHeapSize", heap),
                option("MaxDirectMemorySize", heap), // the default, see java(1)
                java(
                        ManagementFactory.getRuntimeMXBean().getInputArguments(),
                        option("ReservedCodeCacheSize", COMPILING)));
    }

    /** Returns the memory that Java itself takes with these options. */
    static long java(List<String> options, long codeCache) {
        boolean cache = options.stream()
                .anyMatch(one -> one.startsWith("-XX:AOTCache=") || one.startsWith("-XX:SharedArchiveFile="));
        boolean inPlace = cache && options.contains("-XX:ArchiveRelocationMode=0"); // otherwise all pages change
        return BASE + (inPlace ? 0 : CLASSES) + Math.min(COMPILING, codeCache);
    }

    /**
     * Returns an option of the JVM. Returns {@code otherwise} if the option is 0, because the JVM decides later, or if the JVM
     * cannot be asked.
     */
    private static long option(String name, long otherwise) {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long told =
                hotSpot == null ? 0 : Long.parseLong(hotSpot.getVMOption(name).getValue());
        return told > 0 ? told : otherwise;
    }

    /** Returns the largest {@code portproxy.buffer-memory} that lets everything fit; below 0 if nothing fits. */
    public long roomForBuffers(int workers) {
        return (limit - heap - java - EventLoopGroup.mostMemory(workers, 0)) / 5 * 4; // a fifth is for idle buffers
    }

    /** Returns a warning if the memory does not fit. */
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
