package io.portproxy.config.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Tests that the memory of the start is given back by one collection, and that the options of the JVM stay the same. */
class StartMemoryTest {
    private static String option(String name) {
        return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption(name)
                .getValue();
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(collector -> Math.max(0, collector.getCollectionCount()))
                .sum();
    }

    @Test
    void collectsOnceAndRestoresTheLimitsOfTheHeap() {
        String least = option("MinHeapFreeRatio");
        String most = option("MaxHeapFreeRatio");
        long before = collections();

        StartMemory.giveBack();

        assertThat(collections()).isGreaterThan(before);
        assertThat(option("MinHeapFreeRatio")).isEqualTo(least);
        assertThat(option("MaxHeapFreeRatio")).isEqualTo(most);
    }
}
