package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false"
    })
    void tellsWhetherTwoAddressesAreOneHolders(String one, String other, boolean same) throws Exception {
        assertThat(Networks.of(one).equals(Networks.of(other))).isEqualTo(same);
        assertThat(Networks.of(InetAddress.getByName(one))).isEqualTo(Networks.of(one));
    }

    @Test
    void looksNoNameUp() {
        assertThat(Networks.of("no.such.host.invalid")).isEqualTo("no.such.host.invalid");
        assertThat(Networks.of("not:an:address")).isEqualTo("not:an:address");
    }
}
