package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class TemporaryFolderTest {
    private static final String FIX = "-Djava.io.tmpdir=FOLDER";

    private final MockEnvironment environment = new MockEnvironment();

    @TempDir
    private Path folder;

    private List<Problem> problemsWith(Path temporary) {
        environment.setProperty("java.io.tmpdir", temporary.toString());
        Problems problems = new Problems(new EnvironmentValues(environment));
        TemporaryFolder.check(environment, problems);
        return problems.all();
    }

    @Test
    void saysNothingOfOneThatCanBeWritten() {
        assertThat(problemsWith(folder)).isEmpty();
    }

    @Test
    void namesTheFolderThatIsMissing() {
        Path missing = folder.resolve("missing");

        assertThat(problemsWith(missing)).singleElement().satisfies(problem -> {
            assertThat(problem.place()).hasToString("java.io.tmpdir");
            assertThat(problem.toString()).contains(missing.toString(), "is not a folder", FIX);
        });
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(problemsWith(file)).singleElement().asString().contains("is not a folder");
    }

    @Test
    void isNotNeededWhereTheWebServerHasAnotherOrThereIsNone() {
        environment.setProperty("server.tomcat.basedir", folder.toString());
        assertThat(problemsWith(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void isNotNeededWithoutAWebServer() {
        environment.setProperty("spring.main.web-application-type", "none");
        assertThat(problemsWith(folder.resolve("missing"))).isEmpty();
    }
}
