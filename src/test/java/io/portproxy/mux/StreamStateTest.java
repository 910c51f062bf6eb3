package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamStateTest {
    @ParameterizedTest
    @CsvSource({"OPEN,FINISHING", "OPEN,CLOSED", "FINISHING,CLOSED"})
    void goesForward(StreamState from, StreamState to) {
        assertThat(from.to(to)).isSameAs(to);
    }

    @ParameterizedTest
    @CsvSource({"OPEN,OPEN", "FINISHING,OPEN", "FINISHING,FINISHING", "CLOSED,OPEN", "CLOSED,FINISHING", "CLOSED,CLOSED"
    })
    void neverStaysNorGoesBack(StreamState from, StreamState to) {
        assertThatIllegalStateException()
                .isThrownBy(() -> from.to(to))
                .withMessageContaining(from.name())
                .withMessageContaining(to.name());
    }
}
