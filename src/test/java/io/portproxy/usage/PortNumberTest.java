package io.portproxy.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which ports a number or a text selects. */
class PortNumberTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:80, 80, true",
        "0.0.0.0:80, 8, false",
        "0.0.0.0:180, 80, false",
        "0.0.0.0:80, 0.0.0.0:80, true",
        "0.0.0.0:51820-udp, 51820, true",
        "0.0.0.0:51820-udp, 0.0.0.0:51820-udp, true",
        "'[::1]:30000-30010', 30000, true",
        "'[::1]:30000-30010', 30010, true",
        "'[::1]:30000-30010', 30011, false",
        "'[::1]:30000-30010', 30000-30010, false",
        "0.0.0.0:30000-30010-udp, 30005, true",
        "unix:/run/app:80, 80, false",
        "app.example.com/a:80, 80, false",
        "app.example.com, 80, false",
        "0.0.0.0:80, 080, false",
    })
    void isMeantByItsTextOrItsNumber(String port, String written, boolean meant) {
        assertThat(PortNumber.isMeant(port, written)).isEqualTo(meant);
    }
}
