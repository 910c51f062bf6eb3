package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonTest {
    @ParameterizedTest
    @CsvSource({
        "TARGET_REFUSED,target refused",
        "TARGET_UNREACHABLE,target unreachable",
        "DIAL_TIMEOUT,dial timeout",
        "USER_RESET,user reset",
        "TARGET_RESET,target reset",
        "IDLE_TIMEOUT,idle timeout",
        "STALLED,stalled",
        "LIMIT,limit",
        "DENIED,denied",
        "TUNNEL_LOST,tunnel lost",
        "GOING_AWAY,going away",
        "PROTOCOL_ERROR,protocol error"
    })
    void readsAsTheProtocolCallsIt(Reason reason, String text) {
        assertThat(reason.text()).isEqualTo(text);
    }
}
