package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.portproxy.config.Started;
import io.portproxy.testing.PlainSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the built jar as a process: its output and its exit codes. */
class StartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    @TempDir
    private Path folder;

    private Path output;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void nameTheOutput() {
        output = folder.resolve("output.txt");
    }

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void endsWithCode78WithoutARole() throws Exception {
        assertThat(end(start())).isEqualTo(78);
        assertThat(output)
                .content()
                .contains("No role was chosen", "--spring.profiles.active=server")
                .doesNotContain("\tat ");
    }

    @Test
    void showsWhereAFileIsNoYaml() throws Exception {
        Started.write(folder, "application.yml", "portproxy:\n  workers: 1\n token: Sesame-0123456789\n");

        assertThat(end(startUnpacked("--spring.profiles.active=server"))).isEqualTo(78);
        assertThat(output)
                .content()
                .contains("APPLICATION FAILED TO START", "cannot be read as YAML", "line 3, column 2")
                .doesNotContain("\tat ", "Sesame");
    }

    @Test
    void reportsALegacyFileThatIsNotThere() throws Exception {
        Process process = startUnpacked("--spring.profiles.active=server", "--portproxy.legacy-config=missing.yaml");

        assertThat(end(process)).isEqualTo(78);
        assertThat(output)
                .content()
                .contains("portproxy.legacy-config: missing.yaml", "there is no such file")
                .contains("it is looked for at " + folder.resolve("missing.yaml"))
                .doesNotContain("\tat ");
    }

    @Test
    void endsWithCode1WhenAnAddressIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = startUnpacked(
                    "--spring.profiles.active=server",
                    "--portproxy.server.bind=127.0.0.1:" + taken.getLocalPort(),
                    "--portproxy.server.proxy[0].remote-name=one",
                    "--portproxy.server.proxy[0].port-list[0].bind=0",
                    "--portproxy.server.proxy[0].port-list[0].remote=1");

            assertThat(end(process)).isEqualTo(1);
            assertThat(output).content().contains("portproxy.server.bind: 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void runsUntilItIsAskedToStopAndLogsJsonWhereItIsToldSo() throws Exception {
        Process process = start(
                "--spring.profiles.active=server",
                "--logging.structured.format.console=ecs",
                "--portproxy.server.bind=127.0.0.1:0",
                "--portproxy.server.proxy[0].remote-name=one",
                "--portproxy.server.proxy[0].port-list[0].bind=127.0.0.1:0",
                "--portproxy.server.proxy[0].port-list[0].remote=1");
        Pattern exposed =
                Pattern.compile("127\\.0\\.0\\.1:([1-9][0-9]*) is exposed \\(tcp\\) for port 1 of remote one");
        await().atMost(PATIENCE)
                .until(() -> exposed.matcher(Files.readString(output)).find()
                        && Files.readString(output).contains("Started PortProxyApplication"));
        Matcher line = exposed.matcher(Files.readString(output));
        assertThat(line.find()).isTrue();
        int port = Integer.parseInt(line.group(1));
        try (PlainSocket user = PlainSocket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertThat(user.awaitEnd()).isEqualTo(PlainSocket.End.RESET);
        }
        await().atMost(PATIENCE).until(() -> Files.readString(output).contains("remote one is away"));

        process.destroy();

        assertThat(end(process)).isEqualTo(ENDED_BY_SIGTERM);
        List<String> lines = Files.readAllLines(output);
        assertThat(lines)
                .allSatisfy(json ->
                        assertThat(JsonPath.<String>read(json, "$.message")).isNotEmpty());
        String refusal = lines.stream()
                .filter(json -> json.contains("remote one is away"))
                .findFirst()
                .orElseThrow();
        assertThat(JsonPath.<String>read(refusal, "$.log.level")).isEqualTo("INFO");
        assertThat(JsonPath.<String>read(refusal, "$.remote")).isEqualTo("one");
        assertThat(JsonPath.<String>read(refusal, "$.port")).isEqualTo("127.0.0.1:" + port);
        assertThat(JsonPath.<String>read(refusal, "$.reason")).isEqualTo("remote_away");
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).as("the port is free again").isTrue();
        }
    }

    /** Starts the jar as it is. */
    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Objects.requireNonNull(System.getProperty("it.jar")),
                "--server.port=0"));
        command.addAll(List.of(options));
        return start(command);
    }

    /** Starts what the jar holds, which takes half the time. For tests of what does not depend on the jar. */
    private Process startUnpacked(String... options) throws IOException {
        return start(PortProxy.command(options));
    }

    private Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the process has ended")
                .isTrue();
        return process.exitValue();
    }
}
