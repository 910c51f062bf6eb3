package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests the release script of CONTRIBUTING.md in a repository of its own. */
class ReleaseIT {
    private static final Path CHART = Path.of("helm/portproxy/Chart.yaml");

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    private Path clone;

    private Path git;

    @BeforeEach
    void makeRepository() throws Exception {
        git = Programs.require(ReleaseIT.class, "git");
        for (Path file : List.of(Path.of("src/release/release"), CHART, Path.of("pom.xml"))) {
            Path copy = clone.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        Files.writeString(
                clone.resolve("CHANGELOG.md"), "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n");
        git("init", "--quiet");
        git("add", "--all");
        git("commit", "--quiet", "--message", "first");
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = Children.command(git, (Object[]) arguments);
        command.addAll(1, List.of("-C", clone.toString(), "-c", "user.name=t", "-c", "user.email=t@example.org"));
        return children.run(new ProcessBuilder(command));
    }

    private Child release(String... arguments) throws IOException {
        List<String> command = Children.command(Path.of("bash"), "src/release/release");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(clone.toFile());
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + who + "_NAME", "t");
            builder.environment().put("GIT_" + who + "_EMAIL", "t@example.org");
        }
        return children.start(builder);
    }

    @Test
    void tagsTheVersionAndGoesOnWithTheNext() throws Exception {
        assertThat(release("7.1.0").awaitExit()).isZero();

        assertThat(git("show", "v7.1.0:pom.xml")).contains("<version>7.1.0</version>");
        assertThat(git("show", "v7.1.0:" + CHART)).contains("\nversion: 7.1.0\nappVersion: \"7.1.0\"");
        assertThat(git("show", "v7.1.0:CHANGELOG.md")).containsPattern("## \\[Unreleased]\n\n## \\[7\\.1\\.0] - 20");
        assertThat(clone.resolve("pom.xml")).content().contains("<version>7.2.0-SNAPSHOT</version>");
        assertThat(clone.resolve(CHART)).content().contains("\nversion: 7.2.0\nappVersion: \"7.2.0-SNAPSHOT\"");
        assertThat(git("log", "--format=%s")).isEqualTo("release: work towards 7.2.0\nrelease: 7.1.0\nfirst\n");
        assertThat(git("status", "--porcelain")).isEmpty();
    }

    @Test
    void refusesWhatIsNoVersionAndAnUncleanClone() throws Exception {
        Child wrong = release("7.1");
        assertThat(wrong.awaitExit()).isEqualTo(1);
        assertThat(wrong.output()).contains("major.minor.patch");

        Files.writeString(clone.resolve("CHANGELOG.md"), "changed");
        Child unclean = release("7.1.0");
        assertThat(unclean.awaitExit()).isEqualTo(1);
        assertThat(unclean.output()).contains("has changes");
        assertThat(git("tag")).isEmpty();
    }
}
