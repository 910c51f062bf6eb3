package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a log whose reader, a terminal or a program, has stopped reading. A tunnel does not wait for it. */
class UnreadLogIT {
    private static final int USERS = 500;

    @TempDir
    Path folder;

    private final int exposed = FreePorts.find();
    private final Target echo = Target.echo();
    private Process process;

    @AfterEach
    void stop() throws Exception {
        process.destroyForcibly().waitFor();
        echo.close();
    }

    /** Starts the program with a pipe for its log, and serves many users, each of whom causes many log lines. */
    private void serve(String format) throws Exception {
        Path configuration =
                Files.writeString(folder.resolve("both.yaml"), """
                portproxy:
                  server:
                    bind: 127.0.0.1:%1$d
                    proxy: [{remote_name: r, port_list: [{bind: %2$d, remote: %3$d}]}]
                  client: {name: r, server: 'localhost:%1$d'}
                logging.level.io.portproxy: trace
                """.formatted(FreePorts.find(), exposed, echo.port()));
        List<String> command = PortProxy.command(
                "--spring.profiles.active=server,client",
                "--spring.config.additional-location=" + configuration,
                PortProxy.WITHOUT_ADMIN,
                "--portproxy.log-queue=256");
        if (!format.equals("text")) {
            command.add("--logging.structured.format.console=" + format);
        }
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> EchoUser.isServed(exposed));
        for (int i = 0; i < USERS; i++) {
            try (EchoUser user = new EchoUser(exposed)) {
                assertThat(user.isAnswered()).as("user %d", i).isTrue();
            }
        }
        assertThat(process.getInputStream().available())
                .as("bytes of the log, as many as the pipe takes")
                .isGreaterThan(60_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "ecs"})
    void usersAreServedAndTheProcessStops(String format) throws Exception {
        serve(format);

        process.destroy(); // with SIGTERM
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "ecs"})
    void whatWasDroppedIsToldWhenTheLogIsReadAgain(String format) throws Exception {
        serve(format);
        CompletableFuture<Boolean> told = CompletableFuture.supplyAsync(() ->
                process.inputReader().lines().anyMatch(line -> line.contains("lines of the log are missing here")));

        await().until(() -> EchoUser.isServed(exposed) && told.isDone()); // each user causes lines that may report it
        assertThat(told).isCompletedWithValue(true);
    }
}
