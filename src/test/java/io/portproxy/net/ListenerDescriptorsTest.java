package io.portproxy.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a listener whose process has no descriptor left. This needs a process with few descriptors. */
class ListenerDescriptorsTest {
    private static final int LIMIT = 128;

    @TempDir
    Path folder;

    @Test
    void resetsUsersBeyondTheLimitAndServesNewOnesLater() throws Exception {
        Process process = start();
        List<Socket> users = new ArrayList<>();
        try {
            int port = Integer.parseInt(next("port "));
            for (int i = 0; i < 2 * LIMIT; i++) {
                users.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            await().untilAsserted(() -> assertThat(
                            users.stream().filter(user -> !isOpen(user)).count())
                    .as(this::said)
                    .isBetween(LIMIT + 1L, 2L * LIMIT - 1));

            process.outputWriter(UTF_8).append("free\n").flush();
            assertThat(next("trouble ")).isEqualTo("Too many open files");
            assertThat(Integer.parseInt(next("freed "))).isPositive();

            await().until(() -> {
                Socket late = new Socket(InetAddress.getLoopbackAddress(), port);
                users.add(late);
                return isOpen(late);
            });
        } finally {
            for (Socket user : users) {
                user.close();
            }
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean isOpen(Socket user) {
        try {
            user.setSoTimeout(1);
            return user.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the text behind that label in the first line that begins with it. Log lines may come between. */
    private String next(String label) {
        return await().until(
                        () -> said().lines()
                                .filter(line -> line.startsWith(label))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow()
                .substring(label.length());
    }

    private String said() {
        try {
            return Files.readString(output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path output() {
        return folder.resolve("output.txt");
    }

    private Process start() throws IOException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String classPath = Stream.of(all.split(File.pathSeparator))
                .filter(entry ->
                        !entry.endsWith(".jar") || entry.matches(".*(slf4j|logback).*")) // each jar takes a descriptor
                .collect(Collectors.joining(File.pathSeparator));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n " + LIMIT + " && exec \"$@\"",
                        "sh",
                        java.toString(),
                        "-XX:-MaxFDLimit",
                        "-cp",
                        classPath,
                        FewDescriptors.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }
}
