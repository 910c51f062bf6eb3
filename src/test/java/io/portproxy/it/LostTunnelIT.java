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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests processes that are killed, started again, or replaced. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED_OVER_TLS"})
class LostTunnelIT {
    private static final byte[] BEGINNING = {1, 2, 3};

    private final Way way;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private RawTarget target;
    private Target echo;
    private TwoProcesses processes;
    private InetSocketAddress exposed;
    private int echoPort;

    LostTunnelIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void prepare() throws IOException {
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

    /** Accepts the target's end of a user's connection, and sends bytes so that the user sees that the target is there. */
    private PlainSocket begin(PlainSocket user) throws Exception {
        PlainSocket sender = target.accept();
        sender.send(BEGINNING);
        user.awaitReceived(BEGINNING.length);
        return sender;
    }

    @Test
    void usersOfAKilledClientAreResetUntilAnotherOneIsThere() throws Exception {
        TwoProcesses.Running running = processes.start();
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            running.client().kill();

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).as("what was cut looks cut").isEqualTo(End.RESET);
            running.server().awaitOutput(PortProxy.DISCONNECTED);
        }
        try (PlainSocket late = PlainSocket.connect(exposed)) {
            assertThat(late.awaitEnd()).as("while the remote is away").isEqualTo(End.RESET);
        }

        processes.startClient();

        running.server().awaitOutput(PortProxy.CONNECTED, 2);
        await().until(() -> EchoUser.isServed(echoPort));
        assertThat(running.server().countLines(PortProxy.DISCONNECTED)).isEqualTo(1);
        assertThat(running.server().countLines(" WARN ")).isZero();
        running.assertNothingWentWrong();
    }

    @Test
    void aClientComesBackToARestartedServer() throws Exception {
        TwoProcesses.Running running = processes.start();
        long warnings = running.client().countLines(" WARN ");
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            running.server().kill();

            assertThat(sender.awaitEnd()).as("what was cut looks cut").isEqualTo(End.RESET);
            assertThat(user.awaitEnd())
                    .as("also to whom the killed process served")
                    .isEqualTo(End.RESET);
        }
        running.client().awaitOutput(" WARN ", (int) warnings + 1);

        Child restarted = processes.startServer();

        restarted.awaitOutput(PortProxy.CONNECTED);
        await().until(() -> EchoUser.isServed(echoPort)); // a moment later
        assertThat(running.client().countLines(" WARN "))
                .as("each cause warns once (the dial may be cut, and is refused then), its repetitions are quiet")
                .isBetween(warnings + 1, warnings + 2);
        running.assertNothingWentWrong();
    }

    @Test
    void aSecondClientOfTheNameReplacesTheFirst() throws Exception {
        // The long wait keeps the first client from taking the name back at once.
        processes
                .clientOption("--portproxy.client.reconnect.initial=5m")
                .clientOption("--portproxy.client.reconnect.max=5m");
        Child server = processes.startServer().awaitOutput(PortProxy.STARTED);
        Child first = processes.startClient();
        server.awaitOutput(PortProxy.CONNECTED);
        await().until(() -> EchoUser.isServed(echoPort));
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            PlainSocket sender = begin(user);

            processes.startClient().awaitOutput(PortProxy.UP);

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(sender.awaitEnd()).isEqualTo(End.RESET);
        }
        server.awaitOutput("took the name over");
        first.awaitOutput("no tunnel to ").kill();
        await("the second").until(() -> EchoUser.isServed(echoPort));
        PortProxy.assertNothingWentWrong(server);
        PortProxy.assertNothingWentWrong(first);
    }

    @Test
    void aClientThatHangsDoesNotKeepItsName() throws Exception {
        Path kill = Programs.require(LostTunnelIT.class, "kill");
        TwoProcesses.Running running = processes.start();
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            begin(user);
            children.run(kill, "-STOP", running.client().pid());

            processes.startClient();
            running.server().awaitOutput(PortProxy.CONNECTED, 2);

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
        await().until(() -> EchoUser.isServed(echoPort));
        running.client().kill();
        running.assertNothingWentWrong();
    }
}
