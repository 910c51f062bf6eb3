package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class ProgramsTest {
    @Test
    void findsAProgramOnThePath() {
        assertThat(Programs.require(ProgramsTest.class, "sh")).isExecutable().hasFileName("sh");
    }

    @Test
    void skipsATestWhoseProgramIsMissingAndNamesBoth() {
        assertThatThrownBy(() -> Programs.require(ProgramsTest.class, "no-such-program"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("ProgramsTest needs the program no-such-program, which is missing");
    }
}
