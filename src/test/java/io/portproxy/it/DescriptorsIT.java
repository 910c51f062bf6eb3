package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Programs;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests more users than the operating system allows a process to have open files. */
class DescriptorsIT {
    /** A third of this limit is enough to start with {@link #FEW_WORKERS}. */
    private static final int LIMIT = 140;

    /** Each worker has files of its own. */
    private static final String FEW_WORKERS = "--portproxy.workers=2";

    private static final int USERS = 150;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private final Target echo = Target.echo();
    private final List<EchoUser> users = new ArrayList<>();
    private int refused;

    @AfterEach
    void close() throws IOException {
        leave();
        echo.close();
    }

    private void leave() throws IOException {
        for (EchoUser user : users) {
            user.close();
        }
        users.clear();
    }

    private void come(int port) throws IOException {
        for (int i = 0; i < USERS; i++) {
            Optional<EchoUser> user = enter(port);
            user.ifPresent(users::add);
            if (user.isEmpty()) {
                refused++;
            }
        }
    }

    /** Connects a user; empty if the user is refused. */
    private static Optional<EchoUser> enter(int port) throws IOException {
        EchoUser user;
        try {
            user = new EchoUser(port);
        } catch (SocketException e) {
            return Optional.empty(); // with a reset that came so early that connecting failed
        }
        if (isAnswered(user)) {
            return Optional.of(user);
        }
        user.close();
        return Optional.empty();
    }

    private static boolean isAnswered(EchoUser user) {
        try {
            return user.isAnswered();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("a user is left waiting", e);
        } catch (IOException e) {
            return false;
        }
    }

    private Child startLimited(String role, Path configuration) throws IOException {
        Path bash = Programs.require(DescriptorsIT.class, "bash");
        List<String> command = Children.command(bash, "-c", "ulimit -n " + LIMIT + "; exec \"$@\"", "bash");
        command.addAll(PortProxy.command(role, configuration));
        command.add(FEW_WORKERS);
        return children.start(command);
    }

    @Test
    void aServerRefusesTheSurplusUsersAndKeepsTheOthers() throws Exception {
        TwoProcesses processes = new TwoProcesses(children, folder, Way.CLASSIC);
        int port = processes.expose("tcp", echo.port());
        Child server = startLimited("server", processes.serverFile());
        Child client = processes.startClient();
        server.awaitOutput(PortProxy.CONNECTED);

        try (EchoUser first = new EchoUser(port)) {
            assertThat(first.isAnswered()).isTrue();
            come(port);

            assertThat(users).hasSizeGreaterThan(10);
            assertThat(refused).isPositive();
            assertThat(first.isAnswered()).isTrue();
            assertThat(users).allMatch(DescriptorsIT::isAnswered);
            assertThat(server.countLines("refuses connections: Too many open files"))
                    .isBetween(1L, 3L);

            leave();
            await().until(() -> EchoUser.isServed(port));
            assertThat(first.isAnswered()).isTrue();
        }
        assertThat(server.countLines(PortProxy.DISCONNECTED)).isZero();
        PortProxy.assertNothingWentWrong(server);
        PortProxy.assertNothingWentWrong(client);
    }

    @Test
    void aClientRefusesTheSurplusStreamsAndKeepsTheOthers() throws Exception {
        TwoProcesses processes = new TwoProcesses(children, folder, Way.CLASSIC);
        int port = processes.expose("tcp", echo.port());
        Child server = processes.startServer();
        Child client = startLimited("client", processes.clientFile());
        server.awaitOutput(PortProxy.CONNECTED);

        try (EchoUser first = new EchoUser(port)) {
            assertThat(first.isAnswered()).isTrue();
            come(port);

            assertThat(users).hasSizeGreaterThan(10);
            assertThat(refused).isPositive();
            assertThat(first.isAnswered()).isTrue();
            assertThat(users).allMatch(DescriptorsIT::isAnswered);
            client.awaitOutput("Too many open files");

            leave();
            await().until(() -> EchoUser.isServed(port));
            assertThat(first.isAnswered()).isTrue();
        }
        assertThat(server.countLines(PortProxy.DISCONNECTED)).isZero();
        PortProxy.assertNothingWentWrong(server);
        PortProxy.assertNothingWentWrong(client);
    }
}
