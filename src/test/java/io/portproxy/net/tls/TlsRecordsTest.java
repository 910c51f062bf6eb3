package io.portproxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsRecordsTest {
    @ParameterizedTest
    @CsvSource({
        "1603, true", // a greeting
        "16030102000100, true",
        "1503030002020a, true", // an alert
        "16, false", // too few bytes to decide
        "1602, false",
        "1703, false", // data cannot come first
        "0000, false",
        "0001, false",
        "0002, false",
        "0003, false",
        "0004, false",
        "0010, false",
        "001e, false"
    })
    void tellsTlsFromTheTunnelProtocol(String hex, boolean expected) {
        ByteBuffer first = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        assertThat(TlsRecords.looksLikeTls(first)).isEqualTo(expected);
        assertThat(first.position()).isZero();
    }

    @Test
    void nothingIsNotTls() {
        assertThat(TlsRecords.looksLikeTls(ByteBuffer.allocate(0))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1', it sent an HTTP request",
        "HTTP/1.1, it sent an HTTP response",
        "SSH-2.0, it speaks SSH",
        "hello, ",
        "G, "
    })
    void otherProtocolsAreCalledByTheirNames(String first, String told) {
        assertThat(TlsRecords.describeForeign(ByteBuffer.wrap(first.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(Optional.ofNullable(told));
    }

    @Test
    void theAnswerToTheWrongKindOfPeerIsAnAlertItself() {
        assertThat(TlsRecords.looksLikeTls(TlsRecords.unexpectedMessageAlert())).isTrue();
        assertThat(TlsRecords.unexpectedMessageAlert().array()).containsExactly(21, 3, 3, 0, 2, 2, 10);
    }
}
