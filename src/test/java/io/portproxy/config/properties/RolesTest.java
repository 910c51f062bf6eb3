package io.portproxy.config.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Started;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RolesTest {
    @TempDir
    private Path folder;

    @Test
    void stopsWithoutAProfileAndSaysWhichToChoose(CapturedOutput output) {
        FailureAnalysis report = Started.failure(folder, "");

        assertThat(report.getDescription()).contains("No role was chosen");
        assertThat(report.getAction())
                .contains("--spring.profiles.active=server ")
                .contains("--spring.profiles.active=client ")
                .contains("--spring.profiles.active=server,client ")
                .contains("--spring.profiles.active=demo ");
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "No role was chosen")
                .doesNotContain("\tat ");
    }

    @Test
    void doesNotTakeAnotherProfileForARole() {
        FailureAnalysis report =
                Started.failure(folder, "", "--spring.profiles.active=production", "--logging.level.root=off");

        assertThat(report.getDescription()).contains("No role was chosen");
    }
}
