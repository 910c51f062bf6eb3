package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExposeRefusalTest {
    @ParameterizedTest
    @CsvSource({
        "1,NOT_GRANTED,true",
        "2,OUTSIDE,true",
        "3,UNSUPPORTED,true",
        "4,LIMIT,false",
        "5,TAKEN,false",
        "6,NONE_FREE,false",
        "7,BUSY,false"
    })
    void hasTheNumberThatTheProtocolStates(int code, ExposeRefusal reason, boolean isLast) {
        assertThat(reason.code()).isEqualTo(code);
        assertThat(ExposeRefusal.ofCode(code)).isEqualTo(reason);
        assertThat(reason.isLast()).isEqualTo(isLast);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 8, 65_535})
    void readsANumberOfALaterPeerAsUnknown(int code) {
        assertThat(ExposeRefusal.ofCode(code)).isEqualTo(ExposeRefusal.UNKNOWN);
    }

    @Test
    void unknownHasNoNumber() {
        assertThatThrownBy(ExposeRefusal.UNKNOWN::code).isInstanceOf(IllegalStateException.class);
        assertThat(ExposeRefusal.values()).hasSize(8);
    }
}
