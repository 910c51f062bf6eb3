package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdentityTest {
    @Test
    void printsAsTwelveHexDigits() {
        assertThat(Identity.format(0)).isEqualTo("000000000000");
        assertThat(Identity.format(0x1aL)).isEqualTo("00000000001a");
        assertThat(Identity.format(0x0123_4567_89abL)).isEqualTo("0123456789ab");
        assertThat(Identity.format(0xfedc_ba98_7654L)).isEqualTo("fedcba987654");
        assertThat(Identity.format(Identity.MAX)).isEqualTo("ffffffffffff");
    }
}
