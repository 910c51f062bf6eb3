package io.portproxy.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A listener whose process has no descriptor left, which needs a process with few. */
class ListenerDescriptorsTest {
    private static final int LIMIT = 128;

    @Test
    void resetsUsersBeyondTheLimitAndServesNewOnesLater() throws Exception {
        Process process = start();
        List<Socket> users = new ArrayList<>();
        try (BufferedReader output = process.inputReader(UTF_8)) {
            int port = Integer.parseInt(next(output, "port "));
            for (int i = 0; i < 2 * LIMIT; i++) {
                users.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            await().untilAsserted(() -> assertThat(
                            users.stream().filter(user -> !isOpen(user)).count())
                    .isBetween(LIMIT + 1L, 2L * LIMIT - 1));

            process.outputWriter(UTF_8).append("free\n").flush();
            assertThat(next(output, "trouble ")).isEqualTo("Too many open files");
            assertThat(Integer.parseInt(next(output, "freed "))).isPositive();

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

    private static String next(BufferedReader output, String label) throws IOException {
        String line = "";
        while (!line.startsWith(label)) { // log lines come between
            line = output.readLine();
            assertThat(line).as("the process has ended").isNotNull();
        }
        return line.substring(label.length());
    }

    private static Process start() throws IOException {
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
                .start();
    }
}
