package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.LogRecorder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogLimitTest {
    private static final Logger log = LoggerFactory.getLogger(LogLimitTest.class);

    private long now = Long.MAX_VALUE - 5; // so that it passes the end of its range
    private final LogLimit limit = new LogLimit(() -> now, 2);

    @Test
    void onlyTheFirstLinesOfAPeriodAreSeen() {
        try (LogRecorder recorder = new LogRecorder()) {
            for (int i = 0; i < 5; i++) {
                limit.log(log, Level.WARN, "line {} of these", i);
            }
            assertThat(recorder.linesWith("of these"))
                    .containsExactly(
                            "WARN line 0 of these",
                            "WARN line 1 of these",
                            "DEBUG line 2 of these",
                            "DEBUG line 3 of these",
                            "DEBUG line 4 of these");
        }
    }

    @Test
    void theNextPeriodSaysHowManyWereNotSeen() {
        try (LogRecorder recorder = new LogRecorder()) {
            for (int i = 0; i < 5; i++) {
                limit.log(log, Level.INFO, "line {} of those", i);
            }
            now += TimeUnit.SECONDS.toNanos(10) + 1;
            limit.log(log, Level.INFO, "line {} of those", 5);
            limit.log(log, Level.INFO, "line {} of those", 6);
            assertThat(recorder.linesWith("INFO").stream().skip(2))
                    .containsExactly(
                            "INFO line 5 of those (and 3 similar lines before this one, at level debug)",
                            "INFO line 6 of those");
        }
    }
}
