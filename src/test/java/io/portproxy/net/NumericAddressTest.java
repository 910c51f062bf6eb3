package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumericAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "010.0.0.08, 10.0.0.8",
        "::1, 0:0:0:0:0:0:0:1",
        "2001:DB8::7, 2001:db8:0:0:0:0:0:7",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void readsWhatNeedsNoLookUp(String text, String address) {
        assertThat(NumericAddress.parse(text).map(InetAddress::getHostAddress)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "256.0.0.1", "1.2.3", "127.1", "1.2.3.4.5", "::1::", "fe80::1%no-such", "a:b"})
    void leavesAllElseAlone(String text) {
        assertThat(NumericAddress.parse(text)).isEmpty();
    }
}
