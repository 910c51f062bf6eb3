package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonCodesTest {
    @ParameterizedTest
    @CsvSource({
        "0,ENDED,ended",
        "1,TARGET_REFUSED,target refused",
        "2,TARGET_UNREACHABLE,target unreachable",
        "3,DIAL_TIMEOUT,dial timeout",
        "4,USER_RESET,user reset",
        "5,TARGET_RESET,target reset",
        "6,IDLE_TIMEOUT,idle timeout",
        "7,STALLED,stalled",
        "8,LIMIT,limit",
        "9,DENIED,denied",
        "10,CLOSED_BY_ADMINISTRATOR,closed by administrator",
        "11,TUNNEL_LOST,tunnel lost",
        "12,GOING_AWAY,going away",
        "13,PROTOCOL_ERROR,protocol error",
        "14,RESUME_EXPIRED,resume expired",
        "15,REPLACED,replaced"
    })
    void hasTheNumberThatTheProtocolStates(int code, Reason reason, String text) {
        assertThat(reason.code()).isEqualTo(code);
        assertThat(Reason.ofCode(code)).isEqualTo(reason);
        assertThat(reason.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 16, 255, 65_535})
    void readsANumberOfALaterPeerAsUnknown(int code) {
        assertThat(Reason.ofCode(code)).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void eachReasonButUnknownIsInTheTable() {
        assertThat(Arrays.stream(Reason.values()).filter(reason -> reason != Reason.UNKNOWN))
                .hasSize(16)
                .allSatisfy(reason -> assertThat(Reason.ofCode(reason.code())).isEqualTo(reason));
    }

    @Test
    void unknownHasNoNumber() {
        assertThatThrownBy(Reason.UNKNOWN::code).isInstanceOf(IllegalStateException.class);
        assertThat(Reason.UNKNOWN.text()).isEqualTo("unknown");
    }
}
