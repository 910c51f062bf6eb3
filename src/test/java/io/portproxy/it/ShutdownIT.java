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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests SIGTERM while a transfer runs. Each test starts the process that it ends. The one at the other end of the tunnel serves two tests,
 * so there are two pairs of a server and a client, each with ports of its own.
 */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED"})
class ShutdownIT {
    private static final int TERMINATED = 128 + 15;
    private static final int PIECE = 4 << 20;

    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static final byte[] data = new byte[2 * PIECE];
    private static RawTarget target;
    private static Target echo;
    private static Pair endsItsServer;
    private static Pair endsItsClient;
    private static Child lastingClient;
    private static Child lastingServer;

    @Parameter
    Way way;

    /** Two processes, and the two ports that they expose. */
    private record Pair(TwoProcesses processes, InetSocketAddress exposed, int echoPort) {
        static Pair of(Path folder, Way way) throws IOException {
            TwoProcesses processes = new TwoProcesses(children, folder, way);
            if (way.isExtended()) {
                processes.withAdmin(); // which ends in a phase of its own
            }
            return new Pair(
                    processes,
                    TwoProcesses.address(processes.expose("tcp", target.port())),
                    processes.expose("tcp", echo.port()));
        }
    }

    @BeforeParameterizedClassInvocation
    static void start(Way way) throws IOException {
        new Random(1).nextBytes(data);
        target = RawTarget.open();
        echo = Target.echo();
        endsItsServer = Pair.of(Files.createDirectory(folder.resolve("server-" + way)), way);
        endsItsClient = Pair.of(Files.createDirectory(folder.resolve("client-" + way)), way);
        // There is no server between two tests.
        endsItsServer.processes().clientOption("--portproxy.client.reconnect.max=500ms");
        lastingClient = endsItsServer.processes().startClient();
        lastingServer = endsItsClient.processes().startServer();
    }

    @AfterParameterizedClassInvocation
    static void end() throws Exception {
        lastingClient.end();
        lastingServer.end();
        target.close();
        echo.close();
    }

    /** Starts a server, and waits until it serves users. */
    private static Child startServer(String... options) throws IOException {
        Child server = endsItsServer.processes().startServer(options).awaitOutput(PortProxy.CONNECTED);
        await().until(() -> EchoUser.isServed(endsItsServer.echoPort()));
        return server;
    }

    /** Starts a client, and waits until it serves users. */
    private static Child startClient(String... options) throws IOException {
        await("the end of the client before")
                .until(() -> lastingServer.countLines(PortProxy.CONNECTED)
                        == lastingServer.countLines(PortProxy.DISCONNECTED));
        Child client = endsItsClient.processes().startClient(Map.of(), options).awaitOutput(PortProxy.UP);
        await().until(() -> EchoUser.isServed(endsItsClient.echoPort()));
        return client;
    }

    @AfterEach
    void nothingWentWrong() {
        PortProxy.assertNothingWentWrong(lastingClient);
        PortProxy.assertNothingWentWrong(lastingServer);
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
        Child server = startServer();
        try (PlainSocket user = PlainSocket.connect(endsItsServer.exposed())) {
            PlainSocket sender = begin(user);

            server.terminate();

            awaitRefusing(endsItsServer.exposed());
            awaitRefusing(endsItsServer.processes().tunnel());
            assertThat(user.end()).isEmpty();
            finish(sender, user);
        }
        assertThat(server.awaitExit()).isEqualTo(TERMINATED);
        assertThat(lastingClient.isRunning()).isTrue();
        PortProxy.assertNothingWentWrong(server);
    }

    @Test
    void aClientTakesNoMoreUsersAndLetsItsStreamsFinish() throws Exception {
        Child client = startClient();
        long disconnects = lastingServer.countLines(PortProxy.DISCONNECTED);
        try (PlainSocket user = PlainSocket.connect(endsItsClient.exposed())) {
            PlainSocket sender = begin(user);

            client.terminate();

            await().until(() -> !EchoUser.isServed(endsItsClient.echoPort()));
            assertThat(user.end()).isEmpty();
            finish(sender, user);
        }
        assertThat(client.awaitExit()).isEqualTo(TERMINATED);
        lastingServer.awaitOutput(PortProxy.DISCONNECTED, (int) disconnects + 1);
        PortProxy.assertNothingWentWrong(client);
    }

    @Test
    void aServerResetsWhatIsLeftAfterTheGrace() throws Exception {
        Child server = startServer("--portproxy.shutdown-grace=1s");
        try (PlainSocket user = PlainSocket.connect(endsItsServer.exposed())) {
            PlainSocket sender = begin(user);

            server.terminate();

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).isEqualTo(End.RESET);
        }
        assertThat(server.awaitExit()).isEqualTo(TERMINATED);
        PortProxy.assertNothingWentWrong(server);
    }

    @Test
    void aClientResetsWhatIsLeftAfterTheGrace() throws Exception {
        Child client = startClient("--portproxy.shutdown-grace=1s");
        try (PlainSocket user = PlainSocket.connect(endsItsClient.exposed())) {
            PlainSocket sender = begin(user);

            client.terminate();

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).isEqualTo(End.RESET);
        }
        assertThat(client.awaitExit()).isEqualTo(TERMINATED);
        PortProxy.assertNothingWentWrong(client);
    }
}
