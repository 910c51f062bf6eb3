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
 * Gives back what only a start needed. It leaves a heap of a few hundred MiB of which 25 are in use, as the JVM takes its first
 * size from the host's memory, and free memory of the compilers in the C library. Neither returns by itself while the
 * process idles.
 */
public final class StartMemory {
    private static final Logger log = LoggerFactory.getLogger(StartMemory.class);

    /** Behind the first tunnels, which one collection would hold up. */
    private static final long DELAY_SECONDS = 1;

    /** In place of 70 (java(1)): how much of the heap, in percent, stays free at most when the collection has ended. */
    private static final String FREE_AT_MOST = "20";

    private static final String FREE_AT_LEAST = "10";

    private StartMemory() {}

    /** Does it once, from a thread of its own. */
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
        } catch (IllegalArgumentException | JMException e) { // another JVM, which has no such option
            log.debug("what the start took stays", e);
        }
    }

    /** With these limits for this one collection: what comes later grows as ever. */
    private static void shrinkHeap(HotSpotDiagnosticMXBean jvm) {
        String least = jvm.getVMOption("MinHeapFreeRatio").getValue();
        String most = jvm.getVMOption("MaxHeapFreeRatio").getValue();
        // In this order, as the one may never be above the other.
        jvm.setVMOption("MinHeapFreeRatio", FREE_AT_LEAST);
        jvm.setVMOption("MaxHeapFreeRatio", FREE_AT_MOST);
        System.gc();
        jvm.setVMOption("MaxHeapFreeRatio", most);
        jvm.setVMOption("MinHeapFreeRatio", least);
    }

    /** As {@code jcmd PID System.trim_native_heap} does, on Linux with glibc. */
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
