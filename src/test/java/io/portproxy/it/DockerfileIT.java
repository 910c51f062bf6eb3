package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests the steps of the Dockerfile without a container engine, on the newest JDK that is installed beside this one. */
class DockerfileIT {
    /** As in HEALTHCHECK. */
    private static final Duration START_PERIOD = Duration.ofSeconds(30);

    private static final Path FILE = Path.of("src/main/docker/Dockerfile");

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    private Path root;

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES) // two starts with a cold cache, and the creation of the cache
    void buildsACacheAndStartsFromItHealthy() throws Exception {
        Path java = newestJdk();
        Dockerfile dockerfile = new Dockerfile(
                FILE,
                root,
                children,
                Map.of(
                        "PATH",
                        java.resolve("bin") + ":" + System.getenv("PATH"),
                        "JDK_JAVA_OPTIONS", // a container can set this too; nothing here runs long enough for the
                        // better compiler
                        "-XX:TieredStopAtLevel=1",
                        "TRAIN_PORT",
                        String.valueOf(FreePorts.find())));

        dockerfile.build();

        assertThat(dockerfile.only("LABEL"))
                .contains(
                        "image.title=",
                        "image.licenses=\"Apache-2.0\"",
                        "image.version=",
                        "image.revision=",
                        "image.created=");
        assertThat(dockerfile.only("USER")).matches("[1-9][0-9]+:[1-9][0-9]+");
        assertThat(root.resolve("app/portproxy.args"))
                .content()
                .containsAnyOf("-XX:AOTCache=", "-XX:SharedArchiveFile=");
        try (Stream<Path> made = Files.list(root.resolve("app"))) {
            assertThat(made.map(file -> file.getFileName().toString()))
                    .contains("portproxy.jar", "lib", "train", "healthy", "portproxy.args")
                    .anyMatch(name -> name.matches("portproxy\\.(aot|jsa)"))
                    .doesNotContain("portproxy.log");
        }
        int admin = FreePorts.find();
        Map<String, String> port = Map.of("SERVER_PORT", String.valueOf(admin));
        assertThat(dockerfile.health(port)).as("before the start").isEqualTo(1);
        Child server =
                dockerfile.start("serve", "--bind=127.0.0.1:0", "--expose=r:127.0.0.1:0=1", "--server.port=" + admin);
        server.awaitOutput(PortProxy.STARTED);
        assertThat(server.output()).doesNotContain("[warning]", "[error]");
        await().atMost(START_PERIOD).until(() -> dockerfile.health(port) == 0); // the engine repeats the check, too
    }

    private static Path newestJdk() {
        Path own = Path.of(System.getProperty("java.home"));
        try (Stream<Path> beside = Files.list(own.getParent())) {
            return beside.filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .max(Comparator.comparingInt(DockerfileIT::version))
                    .orElse(own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Path home) {
        try {
            return Files.readAllLines(home.resolve("release")).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("\\D*(\\d+).*", "$1"))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // not the folder of a JDK
        }
    }
}
