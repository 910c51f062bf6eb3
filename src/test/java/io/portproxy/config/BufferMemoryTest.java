package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class BufferMemoryTest {

    @ParameterizedTest
    @CsvSource({"4096, 1024", "400, 100", "200, 64", "128, 64", "100, 50"})
    void isAQuarterAtLeast64MegabytesAndNeverMoreThanHalf(long direct, long expected) {
        assertThat(BufferMemory.ofDirectMemory(direct << 20)).isEqualTo(expected << 20);
    }

    @Test
    void isWithinWhatThisJvmMayTake() {
        Problems problems = new Problems(new MockEnvironment());

        long limit = BufferMemory.check(new RangeCheck(problems, "portproxy"), null);

        assertThat(problems.isEmpty()).isTrue();
        assertThat(limit).isPositive().isLessThan(Long.MAX_VALUE / 4);
    }
}
