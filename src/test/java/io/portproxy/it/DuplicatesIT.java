package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests two processes with the same remote name, each with a target of its own. */
class DuplicatesIT {
    private static final int USERS = 6;
    private static final String NEVER = "5m"; // longer than a test takes

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private final int targetPort = FreePorts.find();
    private final List<Target> targets = new ArrayList<>();
    private final List<PlainSocket> users = new ArrayList<>();
    private TwoProcesses processes;
    private InetSocketAddress exposed;
    private Child server;

    /** The target's name resolves to a different loopback address for each client. */
    @BeforeEach
    void startTargets() throws IOException {
        for (int i = 1; i <= 2; i++) {
            targets.add(targetThatSays(i));
            Files.writeString(folder.resolve("hosts" + i), "127.0.0." + i + " target.test\n");
        }
        processes =
                new TwoProcesses(children, folder, Way.EXTENDED).clientOption("--portproxy.client.allow=target.test:*");
        exposed = TwoProcesses.address(processes.expose("tcp", "target.test:" + targetPort));
    }

    private Target targetThatSays(int which) throws IOException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) which});
        return new Target(new InetSocketAddress(address, targetPort), socket -> {
            socket.getOutputStream().write(which);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
    }

    @AfterEach
    void close() throws IOException {
        for (PlainSocket user : users) {
            user.close();
        }
        for (Target target : targets) {
            target.close();
        }
        PortProxy.assertNothingWentWrong(server);
    }

    private void startServer(String onDuplicate) throws IOException {
        server = processes
                .serverOption("--portproxy.server.on-duplicate=" + onDuplicate)
                .startServer()
                .awaitOutput(PortProxy.STARTED);
    }

    private Child startClient(int which, String reconnect) throws IOException {
        return processes.startClient(
                Map.of("JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + folder.resolve("hosts" + which)),
                "--portproxy.client.reconnect.initial=" + reconnect,
                "--portproxy.client.reconnect.max=" + reconnect);
    }

    /** Connects a user, and returns the number of the target that serves it. */
    private int connect() throws Exception {
        PlainSocket user = PlainSocket.connect(exposed);
        users.add(user);
        return user.awaitReceived(1)[0];
    }

    @Test
    void shareTheNameAndOneThatIsKilledHarmsOnlyItsOwnUsers() throws Exception {
        startServer("balance");
        Child first = startClient(1, NEVER);
        server.awaitOutput(PortProxy.CONNECTED, 1);
        startClient(2, NEVER);
        server.awaitOutput(PortProxy.CONNECTED, 2);
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            served.add(connect());
        }
        assertThat(served).as("they take turns").containsOnly(1, 2);
        for (int i = 2; i < USERS; i++) {
            assertThat(served.get(i)).isEqualTo(served.get(i - 2)).isNotEqualTo(served.get(i - 1));
        }

        first.kill();

        server.awaitOutput(PortProxy.DISCONNECTED);
        for (int i = 0; i < USERS; i++) {
            PlainSocket user = users.get(i);
            if (served.get(i) == 1) {
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            } else {
                user.send((byte) 42);
                assertThat(user.awaitReceived(2)).containsExactly(2, 42);
            }
        }
        for (int i = 0; i < USERS; i++) {
            assertThat(connect()).isEqualTo(2);
        }
    }

    @Test
    void areKeptOutUntilTheFirstIsGone() throws Exception {
        startServer("refuse");
        Child first = startClient(1, NEVER).awaitOutput(PortProxy.UP);
        assertThat(connect()).isEqualTo(1);

        Child second =
                startClient(2, "1ms").awaitOutput("the server refuses: denied: another instance has the remote name");

        server.awaitOutput("remote r: another instance has the remote name (on-duplicate: refuse)");
        assertThat(connect()).isEqualTo(1);
        assertThat(users.get(0).end()).isEmpty();
        first.kill();
        second.awaitOutput(PortProxy.UP);
        assertThat(users.get(0).awaitEnd()).isEqualTo(End.RESET);
        assertThat(connect()).isEqualTo(2);
        assertThat(second.countLines(" WARN ")).as("the first refusal only").isEqualTo(1);
    }

    @Test
    void takeTheNameOver() throws Exception {
        startServer("replace");
        startClient(1, NEVER).awaitOutput(PortProxy.UP);
        assertThat(connect()).isEqualTo(1);

        startClient(2, NEVER).awaitOutput(PortProxy.UP);

        assertThat(users.get(0).awaitEnd()).isEqualTo(End.RESET);
        assertThat(connect()).isEqualTo(2);
        assertThat(connect()).isEqualTo(2);
    }
}
