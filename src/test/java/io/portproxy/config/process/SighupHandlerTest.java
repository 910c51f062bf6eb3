package io.portproxy.config.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tests that the JVM survives a SIGHUP. Sends the signal to the JVM of the test itself. */
@DisabledOnOs(OS.WINDOWS)
class SighupHandlerTest {
    @Test
    void aHangUpIsHeardAndNothingStops() throws IOException, InterruptedException {
        AtomicInteger count = new AtomicInteger();
        try (SighupHandler heard = SighupHandler.hear(count::incrementAndGet)) {
            assertThat(heard).isNotNull();
            String own = String.valueOf(ProcessHandle.current().pid());
            assertThat(new ProcessBuilder("kill", "-HUP", own).start().waitFor())
                    .isZero();
            await().untilAtomic(count, equalTo(1));
        }
    }
}
