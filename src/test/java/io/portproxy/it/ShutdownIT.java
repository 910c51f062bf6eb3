package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests SIGTERM while a transfer runs. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED"})
class ShutdownIT {
    private static final int TERMINATED = 128 + 15;
    private static final int PIECE = 4 << 20;

    private final Way way;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private final byte[] data = new byte[2 * PIECE];
    private RawTarget target;
    private TwoProcesses processes;
    private InetSocketAddress exposed;
    private Target echo;
    private int echoPort;

    ShutdownIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void prepare() throws IOException {
        new Random(1).nextBytes(data);
        target = RawTarget.open();
        echo = Target.echo();
        processes = new TwoProcesses(children, folder, way);
        exposed = TwoProcesses.address(processes.expose("tcp", target.port()));
        echoPort = processes.expose("tcp", echo.port());
    }

    @AfterEach
    void closeTargets() throws IOException {
        target.close();
        echo.close();
    }

    /** Sends the first half of the data to a user. */
    private PlainSocket begin(PlainSocket user) throws Exception {
        PlainSocket sender = target.accept();
        sender.send(Arrays.copyOf(data, PIECE));
        user.awaitReceived(PIECE);
        return sender;
    }

    private void finish(PlainSocket sender, PlainSocket user) throws Exception {
        sender.send(Arrays.copyOfRange(data, PIECE, data.length));
        sender.finish();
        assertThat(user.awaitReceived(data.length)).isEqualTo(data);
        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
    }

    private static void awaitRefusing(InetSocketAddress address) {
        await().untilAsserted(() -> assertThatThrownBy(() -> connectAndClose(address))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused"));
    }

    private static void connectAndClose(InetSocketAddress address) throws IOException {
        new Socket(address.getAddress(), address.getPort()).close();
    }

    @Test
    void aServerStopsListeningAndLetsItsStreamsFinish() throws Exception {
        TwoProcesses.Running running = processes.start();
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            running.server().terminate();

            awaitRefusing(exposed);
            awaitRefusing(processes.tunnel());
            assertThat(user.end()).isEmpty();
            finish(sender, user);
        }
        assertThat(running.server().awaitExit()).isEqualTo(TERMINATED);
        assertThat(running.client().isRunning()).isTrue();
        running.assertNothingWentWrong();
    }

    @Test
    void aClientTakesNoMoreUsersAndLetsItsStreamsFinish() throws Exception {
        TwoProcesses.Running running = processes.start();
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            running.client().terminate();

            await().until(() -> !EchoUser.isServed(echoPort));
            assertThat(user.end()).isEmpty();
            finish(sender, user);
        }
        assertThat(running.client().awaitExit()).isEqualTo(TERMINATED);
        running.server().awaitOutput(PortProxy.DISCONNECTED);
        running.assertNothingWentWrong();
    }

    @Test
    void aServerResetsWhatIsLeftAfterTheGrace() throws Exception {
        TwoProcesses.Running running =
                processes.serverOption("--portproxy.shutdown-grace=1s").start();
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            running.server().terminate();

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).isEqualTo(End.RESET);
        }
        assertThat(running.server().awaitExit()).isEqualTo(TERMINATED);
        running.assertNothingWentWrong();
    }

    @Test
    void aClientResetsWhatIsLeftAfterTheGrace() throws Exception {
        TwoProcesses.Running running =
                processes.clientOption("--portproxy.shutdown-grace=1s").start();
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            running.client().terminate();

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).isEqualTo(End.RESET);
        }
        assertThat(running.client().awaitExit()).isEqualTo(TERMINATED);
        running.assertNothingWentWrong();
    }
}
