package io.portproxy.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpringKeysTest {
    @Test
    void theUsualKeysExist() {
        SpringKeys keys = new SpringKeys();

        assertThat(SpringKeys.USUAL)
                .isNotEmpty()
                .allSatisfy(key -> assertThat(keys.mistake(key)).isEmpty());
    }
}
