package io.portproxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.problem.ProblemTypes;
import io.portproxy.config.Started;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests that a problem's type is an address where the server explains the problem to everybody. */
class ProblemTypesTest {
    @TempDir
    private Path folder;

    @Test
    void eachHasASectionThatCanBeRead() throws Exception {
        try (ConfigurableApplicationContext server = Started.server(folder, AdminClient.USERS)) {
            String type = AdminClient.NOBODY.get(server, "/api/v1/remotes").text("type");
            assertThat(type).isEqualTo("/assets/problems.html#unauthorized");

            AdminClient.Answer page = AdminClient.NOBODY.get(server, type.replaceFirst("#.*", ""));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.type()).startsWith("text/html");
            assertThat(IntStream.range(400, 600).mapToObj(ProblemTypes::type))
                    .allSatisfy(each ->
                            assertThat(page.body()).contains("<section id=\"" + each.replaceFirst(".*#", "") + "\">"));
        }
    }

    @Test
    void aTimeHasMillisecondsAlsoAtAFullSecond() {
        assertThat(Times.text(Instant.parse("2026-01-31T12:00:00Z"))).isEqualTo("2026-01-31T12:00:00.000Z");
        assertThat(Times.text(Instant.parse("2026-01-31T12:00:00.123456Z"))).isEqualTo("2026-01-31T12:00:00.123Z");
    }
}
