package io.portproxy.config.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Returns memory to the system that only the start needed. After a start, the heap has a few hundred MiB, of which 25 MiB are in
 * use, because the JVM derives its first size from the host's memory. The C library also holds free memory of the compilers. The
 * process does not return either of them while the process is idle.
 */
public final class StartMemory {
    private static final Logger log = LoggerFactory.getLogger(StartMemory.class);

    /** The delay after the start, so that the garbage collection does not hold up the first tunnels. */
    private static final long DELAY_SECONDS = 1;

    /** The most free space, in percent of the heap, after the collection. Replaces the default of 70 (java(1)). */
    private static final String FREE_AT_MOST = "20";

    private static final String FREE_AT_LEAST = "10";

    private StartMemory() {}

    /** Gives memory back once, on a thread of its own. */
    public static void giveBackSoon() {
        Thread thread = new Thread(StartMemory::giveBackLater, "start-memory");
        thread.setDaemon(true);
        thread.start();
    }

    private static void giveBackLater() {
        try {
            TimeUnit.SECONDS.sleep(DELAY_SECONDS);
            giveBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void giveBack() {
        try {
            HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            if (jvm != null) {
                shrinkHeap(jvm);
            }
            trimNativeHeap();
        } catch (IllegalArgumentException | JMException e) { // another JVM without this option
            log.debug("what the start took stays", e);
        }
    }

    /** Shrinks the heap with these limits for one collection. Later the heap grows as usual. */
    private static void shrinkHeap(HotSpotDiagnosticMXBean jvm) {
        String least = jvm.getVMOption("MinHeapFreeRatio").getValue();
        String most = jvm.getVMOption("MaxHeapFreeRatio").getValue();
        // In this order, because the minimum must never be above the maximum.
        jvm.setVMOption("MinHeapFreeRatio", FREE_AT_LEAST);
        jvm.setVMOption("MaxHeapFreeRatio", FREE_AT_MOST);
        System.gc();
        jvm.setVMOption("MaxHeapFreeRatio", most);
        jvm.setVMOption("MinHeapFreeRatio", least);
    }

    /** Does the same as {@code jcmd PID System.trim_native_heap}, on Linux with glibc. */
    private static void trimNativeHeap() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        try {
            server.invoke(commands, "systemTrimNativeHeap", new Object[0], new String[0]);
        } catch (InstanceNotFoundException | ReflectionException e) {
            log.debug("this JVM cannot trim the C library's memory", e);
        }
    }
}
