package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"0,0s", "1,1ms", "500,500ms", "1000,1s", "1500,1500ms", "90000,90s", "3600000,1h", "5400000,5400s"})
    void areWrittenAsInAConfiguration(long millis, String text) {
        assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
