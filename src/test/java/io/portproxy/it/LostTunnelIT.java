package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Programs;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests processes that are killed, started again, or replaced. The tests share a server and a client: each finds one of both with their
 * tunnel up, and leaves one of both.
 */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED_OVER_TLS"})
class LostTunnelIT {
    private static final byte[] BEGINNING = {1, 2, 3};

    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static RawTarget target;
    private static Target echo;
    private static TwoProcesses processes;
    private static InetSocketAddress exposed;
    private static int echoPort;
    private static Child server;
    private static Child client;

    @Parameter
    Way way;

    private long connects;
    private long disconnects;

    @BeforeParameterizedClassInvocation
    static void start(Way way) throws IOException {
        target = RawTarget.open();
        echo = Target.echo();
        processes = new TwoProcesses(children, folder, way);
        exposed = TwoProcesses.address(processes.expose("tcp", target.port()));
        echoPort = processes.expose("tcp", echo.port());
        TwoProcesses.Running running = processes.start();
        server = running.server();
        client = running.client();
    }

    @AfterParameterizedClassInvocation
    static void end() throws Exception {
        client.end();
        server.end();
        target.close();
        echo.close();
    }

    /** Waits until the log tells of one tunnel, and no more lines of the test before can come. */
    @BeforeEach
    void awaitOneTunnel() {
        await().until(() -> server.countLines(PortProxy.CONNECTED) == server.countLines(PortProxy.DISCONNECTED) + 1);
        await().until(() -> EchoUser.isServed(echoPort));
        connects = server.countLines(PortProxy.CONNECTED);
        disconnects = server.countLines(PortProxy.DISCONNECTED);
    }

    @AfterEach
    void nothingWentWrong() {
        PortProxy.assertNothingWentWrong(server);
        PortProxy.assertNothingWentWrong(client);
    }

    /** Accepts the target's end of a user's connection, and sends bytes so that the user sees that the target is there. */
    private PlainSocket begin(PlainSocket user) throws Exception {
        PlainSocket sender = target.accept();
        sender.send(BEGINNING);
        user.awaitReceived(BEGINNING.length);
        return sender;
    }

    @Test
    void usersOfAKilledClientAreResetUntilAnotherOneIsThere() throws Exception {
        Child killed = client;
        long warnings = server.countLines(" WARN ");
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            killed.kill();

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).as("what was cut looks cut").isEqualTo(End.RESET);
            server.awaitOutput(PortProxy.DISCONNECTED, (int) disconnects + 1);
        }
        try (PlainSocket late = PlainSocket.connect(exposed)) {
            assertThat(late.awaitEnd()).as("while the remote is away").isEqualTo(End.RESET);
        }

        client = processes.startClient();

        server.awaitOutput(PortProxy.CONNECTED, (int) connects + 1);
        await().until(() -> EchoUser.isServed(echoPort));
        assertThat(server.countLines(PortProxy.DISCONNECTED)).isEqualTo(disconnects + 1);
        assertThat(server.countLines(" WARN ")).isEqualTo(warnings);
        PortProxy.assertNothingWentWrong(killed);
    }

    @Test
    void aClientComesBackToARestartedServer() throws Exception {
        Child killed = server;
        long warnings = client.countLines(" WARN ");
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            killed.kill();

            assertThat(sender.awaitEnd()).as("what was cut looks cut").isEqualTo(End.RESET);
            assertThat(user.awaitEnd())
                    .as("also to whom the killed process served")
                    .isEqualTo(End.RESET);
        }
        client.awaitOutput(" WARN ", (int) warnings + 1);

        server = processes.startServer();

        server.awaitOutput(PortProxy.CONNECTED);
        await().until(() -> EchoUser.isServed(echoPort)); // a moment later
        assertThat(client.countLines(" WARN "))
                .as("each cause warns once (the dial may be cut, and is refused then), its repetitions are quiet")
                .isBetween(warnings + 1, warnings + 2);
        PortProxy.assertNothingWentWrong(killed);
    }

    @Test
    void aSecondClientOfTheNameReplacesTheFirst() throws Exception {
        client.kill();
        server.awaitOutput(PortProxy.DISCONNECTED, (int) disconnects + 1);
        // The long wait keeps the first client from taking the name back at once.
        Child first = processes.startClient(
                Map.of(), "--portproxy.client.reconnect.initial=5m", "--portproxy.client.reconnect.max=5m");
        server.awaitOutput(PortProxy.CONNECTED, (int) connects + 1);
        await().until(() -> EchoUser.isServed(echoPort));
        long replaced = server.countLines("took the name over");
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            client = processes.startClient().awaitOutput(PortProxy.UP);

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).isEqualTo(End.RESET);
        }
        server.awaitOutput("took the name over", (int) replaced + 1);
        first.awaitOutput("no tunnel to ").kill();
        await("the second").until(() -> EchoUser.isServed(echoPort));
        PortProxy.assertNothingWentWrong(first);
    }

    @Test
    void aClientThatHangsDoesNotKeepItsName() throws Exception {
        Path kill = Programs.require(LostTunnelIT.class, "kill");
        Child hanging = client;
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            begin(user);
            children.run(kill, "-STOP", hanging.pid());

            client = processes.startClient();
            server.awaitOutput(PortProxy.CONNECTED, (int) connects + 1);

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
        await().until(() -> EchoUser.isServed(echoPort));
        hanging.kill();
        PortProxy.assertNothingWentWrong(hanging);
    }
}
