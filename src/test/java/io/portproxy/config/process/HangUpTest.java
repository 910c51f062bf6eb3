package io.portproxy.config.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.LogRecorder;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sends this very JVM a SIGHUP, which it has to survive. */
@DisabledOnOs(OS.WINDOWS)
class HangUpTest {
    @Test
    void aHangUpIsLoggedAndNothingStops() throws IOException, InterruptedException {
        try (LogRecorder log = new LogRecorder();
                HangUp heard = HangUp.hear()) {
            assertThat(heard).isNotNull();
            String own = String.valueOf(ProcessHandle.current().pid());
            assertThat(new ProcessBuilder("kill", "-HUP", own).start().waitFor())
                    .isZero();
            await().until(() -> !log.linesWith("SIGHUP: nothing is read again").isEmpty());
        }
    }
}
