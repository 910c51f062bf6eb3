package io.portproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Finds the real programs that integration tests run. */
public final class Programs {
    /** The folders in which Debian puts programs that are not on every user's PATH. */
    private static final List<Path> SYSTEM = List.of(Path.of("/usr/local/sbin"), Path.of("/usr/sbin"));

    private static final Path POSTGRES_VERSIONS = Path.of("/usr/lib/postgresql");

    private Programs() {}

    /**
     * Finds a program. If it is missing, the calling test is skipped, with a reason that names both. A continuous build counts that as a
     * failure.
     *
     * @param test the test that needs it, as in {@code Programs.require(NginxIT.class, "nginx")}
     */
    public static Path require(Class<?> test, String program) {
        Optional<Path> found = find(program);
        Assumptions.assumeTrue(
                found.isPresent(), () -> test.getSimpleName() + " needs the program " + program + ", which is missing");
        return found.orElseThrow();
    }

    private static Optional<Path> find(String program) {
        Stream<Path> onPath =
                Arrays.stream(System.getenv("PATH").split(":", -1)).map(Path::of);
        return Stream.of(onPath, SYSTEM.stream(), postgresFolders())
                .flatMap(folders -> folders)
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns the folders of PostgreSQL's server programs: one for each version. */
    private static Stream<Path> postgresFolders() {
        if (!Files.isDirectory(POSTGRES_VERSIONS)) {
            return Stream.empty();
        }
        try (Stream<Path> versions = Files.list(POSTGRES_VERSIONS)) {
            return versions.map(version -> version.resolve("bin")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
