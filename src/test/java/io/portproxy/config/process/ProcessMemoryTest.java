package io.portproxy.config.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.problem.Remark;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the comparison of the memory that the process may use with the memory available, and the warning with its advice. */
class ProcessMemoryTest {
    private static final long MB = 1 << 20;
    private static final int WORKERS = 2; // each with two buffers of a quarter of a megabyte

    private static ProcessMemory megabytes(long limit, long heap, long direct, long java) {
        return new ProcessMemory(limit * MB, heap * MB, direct * MB, java * MB);
    }

    private static String warning(ProcessMemory memory, int bufferMemory) {
        Remark remark = memory.remark(bufferMemory * MB, WORKERS).orElseThrow();
        assertThat(remark.wrong()).as("whether a check fails").isFalse();
        return remark.text();
    }

    @Test
    void saysNothingWhereAllFits() {
        assertThat(megabytes(300, 64, 100, 160).remark(40 * MB, WORKERS)).isEmpty();
    }

    @Test
    void namesEachFigureAndWhatToSet() {
        assertThat(warning(megabytes(256, 126, 126, 160), 8))
                .contains(
                        "may take 298MB",
                        "has 256MB",
                        "126MB for the heap (-Xmx)",
                        "12MB for buffers",
                        "portproxy.buffer-memory is 8MB",
                        "-XX:MaxDirectMemorySize 126MB",
                        "160MB for Java itself",
                        "start Java with -Xmx84m, or set a limit of 298MB or more");
    }

    @Test
    void doesNotAdviseAHeapThatIsTooSmallToStart() {
        assertThat(warning(megabytes(128, 64, 64, 160), 8))
                .contains("start Java with the options for a small container in operations.md, or set a limit of 236MB")
                .doesNotContain("-Xmx8m", "-Xmx0m", "-Xmx-");
    }

    @Test
    void advisesFewerBuffersWhereTheseAreTooMany() {
        assertThat(warning(megabytes(300, 100, 300, 160), 200))
                .contains("252MB for buffers", "set portproxy.buffer-memory to 31MB, or set a limit of 512MB");
        assertThat(megabytes(300, 100, 300, 160).remark(31 * MB, WORKERS)).isEmpty();
    }

    /** With the heap or the limit that the warning names, there is no warning. */
    @Test
    void isGoneWhenTheAdviceIsTaken() {
        assertThat(megabytes(256, 84, 126, 160).remark(8 * MB, WORKERS)).isEmpty();
        assertThat(megabytes(298, 126, 126, 160).remark(8 * MB, WORKERS)).isEmpty();
    }

    @Test
    void buffersAreNoMoreThanTheJvmAllows() {
        assertThat(megabytes(250, 64, 26, 160).remark(26 * MB, WORKERS)).isEmpty();
    }

    /** The options are those in operations.md, on a host with any number of processors. */
    @Test
    void theOptionsFor128MegabytesFit() {
        assertThat(megabytes(128, 28, 8, 90).remark(4 * MB, WORKERS)).isEmpty();
        assertThat(megabytes(128, 28, 8, 90).remark(4 * MB, 64)).isEmpty();
    }

    @Test
    void knowsThisJvm() {
        ProcessMemory memory = ProcessMemory.ofThisJvm();

        assertThat(memory.limit()).isPositive();
        assertThat(memory.heap()).isBetween(Runtime.getRuntime().maxMemory(), memory.limit());
        assertThat(memory.direct()).isPositive();
        assertThat(memory.java()).isBetween(70 * MB, 160 * MB);
    }

    @Test
    void javaTakesLessWhereClassesStayInTheFileOfTheirCache() {
        String inPlace = "-XX:ArchiveRelocationMode=0";

        assertThat(ProcessMemory.java(List.of(), 240 * MB)).isEqualTo(160 * MB);
        assertThat(ProcessMemory.java(List.of(), 20 * MB)).isEqualTo(120 * MB);
        assertThat(ProcessMemory.java(List.of("-XX:AOTCache=a.aot"), 20 * MB)).isEqualTo(120 * MB);
        assertThat(ProcessMemory.java(List.of(inPlace), 20 * MB)).isEqualTo(120 * MB);
        assertThat(ProcessMemory.java(List.of("-XX:AOTCache=a.aot", inPlace), 20 * MB))
                .isEqualTo(90 * MB);
        assertThat(ProcessMemory.java(List.of("-XX:SharedArchiveFile=a.jsa", inPlace), 20 * MB))
                .isEqualTo(90 * MB);
    }
}
