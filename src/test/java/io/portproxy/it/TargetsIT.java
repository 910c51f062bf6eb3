package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests targets that a remote opens and targets that it refuses. */
class TargetsIT {
    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static Target echo;
    private static int refusing;
    private static int unlisted;
    private static int portOnly;
    private static int named;
    private static int refused;
    private static int unlistedPort;
    private static int unlistedHost;
    private static TwoProcesses.Running portProxy;

    @BeforeAll
    static void start() throws IOException {
        echo = Target.echo();
        refusing = RawTarget.refusingPort();
        unlisted = FreePorts.find();
        TwoProcesses processes = new TwoProcesses(children, folder, Way.EXTENDED);
        portOnly = processes.expose("tcp", echo.port());
        named = processes.expose("tcp", "localhost:" + echo.port());
        refused = processes.expose("tcp", refusing);
        unlistedPort = processes.expose("tcp", unlisted);
        unlistedHost = processes.expose("tcp", "127.0.0.2:" + echo.port());
        // Of several refusals in quick succession, only the first is logged as a warning.
        processes.clientOption("--logging.level.io.portproxy.tunnel=debug");
        processes.clientOption(
                "--portproxy.client.allow=%d,localhost:%d,%d".formatted(echo.port(), echo.port(), refusing));
        portProxy = processes.start();
    }

    @AfterAll
    static void stopTarget() throws IOException {
        echo.close();
    }

    @AfterEach
    void nothingWentWrong() {
        portProxy.assertNothingWentWrong();
    }

    private static void assertReset(int port) throws Exception {
        try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(port))) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
    }

    @Test
    void areReachedByPortAndByHostAndPort() {
        assertThat(EchoUser.isServed(portOnly)).isTrue();
        assertThat(EchoUser.isServed(named)).isTrue();
    }

    @Test
    void thatRefuseResetTheirUsers() throws Exception {
        assertReset(refused);

        portProxy
                .client()
                .awaitOutput(": target 127.0.0.1:" + refusing + " of remote r for 127.0.0.1:")
                .awaitOutput(": target refused: ");
    }

    @Test
    void thatAreNotAllowedResetTheirUsersAndTheLogSaysWhatToChange() throws Exception {
        assertReset(unlistedPort);
        assertReset(unlistedHost);

        portProxy
                .client()
                .awaitOutput("denied: 127.0.0.1:" + unlisted + " is not in portproxy.client.allow of this remote")
                .awaitOutput("denied: 127.0.0.2:" + echo.port() + " is not in portproxy.client.allow of this remote");
        assertThat(EchoUser.isServed(portOnly)).as("the others are").isTrue();
    }
}
