package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.process.ProcessMemory;
import io.portproxy.net.EventLoopGroup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class BufferMemoryTest {
    private static final long PLENTY = 1L << 40;

    private final Problems problems = new Problems();
    private final RangeCheck ranges = new RangeCheck(problems, Place.property("portproxy"));

    private static ProcessMemory memory(long limit, long heap, long direct) {
        return new ProcessMemory(limit, heap << 20, direct << 20, 160 << 20);
    }

    @ParameterizedTest
    @CsvSource({"4096, 1024", "400, 100", "200, 64", "128, 64", "100, 50"})
    void isAQuarterAtLeast64MegabytesAndNeverMoreThanHalf(long direct, long expected) {
        assertThat(BufferMemory.byDefault(memory(PLENTY, direct, direct), 2)).isEqualTo(expected << 20);
    }

    /** The heap is that of the image's options: below 512 MB a quarter of the memory, from there on half of it. */
    @ParameterizedTest
    @CsvSource({"256, 64", "300, 75", "384, 96", "512, 256", "768, 384", "1024, 512", "2048, 1024"})
    void fitsBesideTheHeapFrom256MegabytesOn(long limit, long heap) {
        for (int workers : List.of(1, 2, 8)) {
            ProcessMemory memory = memory(limit << 20, heap, heap);

            long buffers = BufferMemory.byDefault(memory, workers);

            assertThat(buffers).isGreaterThanOrEqualTo(8 << 20);
            assertThat(memory.remark(buffers, workers)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"128, 64, 64, 8", "256, 126, 126, 8", "128, 28, 8, 4"})
    void isAsLittleAsWorksWhereNothingFits(long limit, long heap, long direct, long expected) {
        assertThat(BufferMemory.byDefault(memory(limit << 20, heap, direct), 2)).isEqualTo(expected << 20);
    }

    @Test
    void countsTheBuffersOfEveryLoop() {
        ProcessMemory memory = memory(300L << 20, 75, 200);

        long few = BufferMemory.byDefault(memory, 1);
        long many = BufferMemory.byDefault(memory, 33);

        assertThat(few - many)
                .isCloseTo((EventLoopGroup.mostMemory(33, 0) - EventLoopGroup.mostMemory(1, 0)) / 5 * 4, within(8L));
    }

    @Test
    void isWhatWasWritten() {
        ProcessMemory memory = memory(128 << 20, 64, 64);

        assertThat(BufferMemory.check(ranges, DataSize.ofMegabytes(40), memory, 2))
                .isEqualTo(40 << 20);
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void isNoMoreThanTheJvmAllows() {
        BufferMemory.check(ranges, DataSize.ofMegabytes(65), memory(PLENTY, 64, 64), 2);

        assertThat(problems.all())
                .singleElement()
                .asString()
                .contains("portproxy.buffer-memory", "65MB", "(64MB)", "-XX:MaxDirectMemorySize");
    }

    @Test
    void isWithinWhatThisJvmMayTake() {
        long limit = BufferMemory.check(ranges, null, ProcessMemory.ofThisJvm(), 2);

        assertThat(problems.isEmpty()).isTrue();
        assertThat(limit).isPositive().isLessThan(Long.MAX_VALUE / 4);
    }
}
