package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.AllowedSockets;
import io.portproxy.client.AllowedTarget;
import io.portproxy.net.UnixPath;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UnixTarget;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests targets that are unix sockets of the remote. */
class UnixTargetsTest {
    private static final int MANY = 3_000_000;

    @TempDir
    private Path folder;

    private final LogRecorder log = new LogRecorder();
    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // the last one first
    private ServerUnderTest server;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(
                ExtendedSettings.remoteTo("r", written("app.sock"), 0),
                new RemoteSettings(
                        "old",
                        List.of(),
                        ExtendedSettings.remoteTo("old", written("app.sock"), 0).ports())));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        server.close();
        log.close();
    }

    private <T extends AutoCloseable> T closing(T fresh) {
        open.push(fresh);
        return fresh;
    }

    private String written(String name) {
        return "unix:" + folder.resolve(name);
    }

    private ClientUnderTest remote(AllowedTarget... allow) throws Exception {
        ClientUnderTest remote = new ClientUnderTest(
                ExtendedSettings.client("r", server.tunnelAddress()).withAllow(allow));
        await().until(remote::connected);
        await().until(() -> server.role().remotes().get(0).tunnels().size() == 1);
        return remote;
    }

    private AllowedTarget allowed(String name) {
        return new AllowedSockets(UnixPath.parse(written(name)), false);
    }

    @Test
    void bytesAndEndsGoBothWays() throws Exception {
        byte[] sent = Bytes.random(7, MANY);
        closing(UnixTarget.echo(folder.resolve("app.sock")));
        try (ClientUnderTest remote = remote(allowed("app.sock"));
                PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            user.send(sent);
            assertThat(user.awaitReceived(MANY)).isEqualTo(sent);
            user.finish();
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(remote.connected()).isTrue();
            PortView port = server.role().remotes().get(0).ports().get(0);
            assertThat(port.target()).isEqualTo(written("app.sock"));
        }
    }

    @Test
    void aTargetThatEndsFirstIsAnEndForTheUser() throws Exception {
        UnixTarget target = closing(UnixTarget.open(folder.resolve("app.sock")));
        closing(remote(allowed("app.sock")));
        try (PlainSocket user = PlainSocket.connect(server.exposed(0));
                SocketChannel served = target.accept()) {
            served.write(ByteBuffer.wrap(Bytes.of("bye")));
            served.shutdownOutput();
            assertThat(user.awaitReceived(3)).isEqualTo(Bytes.of("bye"));
            user.send(Bytes.of("thanks"));
            assertThat(UnixTarget.read(served, 6)).isEqualTo(Bytes.of("thanks"));
        }
    }

    @Test
    void aSocketThatIsNotAllowedIsNotOpened() throws Exception {
        closing(UnixTarget.echo(folder.resolve("app.sock")));
        closing(remote(allowed("other.sock")));
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            await().until(() -> !log.linesWith(written("app.sock") + " is not in portproxy.client.allow of this remote")
                    .isEmpty());
        }
    }

    @Test
    void aFolderAllowsTheSocketsInIt() throws Exception {
        closing(UnixTarget.echo(folder.resolve("app.sock")));
        try (ClientUnderTest remote = remote(new AllowedSockets(new UnixPath(folder.toString()), true));
                PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            user.send(Bytes.of("hello"));
            assertThat(user.awaitReceived(5)).isEqualTo(Bytes.of("hello"));
            assertThat(remote.connected()).isTrue();
        }
    }

    @Test
    void aSocketThatIsNotThereResetsTheUser() throws Exception {
        try (ClientUnderTest remote = remote(allowed("app.sock"));
                PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(remote.connected()).isTrue();
        }
    }

    /** The operating system says only "try again", and does not report when there is room. */
    @Test
    void aTargetWhoseQueueIsFullIsTriedUntilItTakes() throws Exception {
        List<PlainSocket> users = new ArrayList<>();
        closing(remote(allowed("app.sock")));
        try (UnixTarget target = UnixTarget.open(folder.resolve("app.sock"), 1)) {
            for (int i = 0; i < 6; i++) {
                PlainSocket user = PlainSocket.connect(server.exposed(0));
                users.add(user);
                user.send(new byte[] {(byte) i});
            }
            int sum = 0;
            for (int i = 0; i < 6; i++) {
                SocketChannel served = target.accept();
                byte[] got = UnixTarget.read(served, 1);
                sum += got[0];
                served.write(ByteBuffer.wrap(got));
                served.close();
            }
            assertThat(sum).isEqualTo(15);
            for (int i = 0; i < 6; i++) {
                assertThat(users.get(i).awaitReceived(1)).isEqualTo(new byte[] {(byte) i});
            }
        } finally {
            for (PlainSocket user : users) {
                user.close();
            }
        }
    }

    @Test
    void aClassicRemoteCannotHaveIt() throws Exception {
        try (ClientUnderTest remote = new ClientUnderTest(TestSettings.client("old", server.tunnelAddress()))) {
            await().until(remote::connected);
            await().until(() -> server.role().remotes().get(1).tunnels().size() == 1);
            try (PlainSocket user = PlainSocket.connect(server.exposed(1))) {
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
            assertThat(server.role().remotes().get(1).ports().get(0).refused()).containsKey("dialect");
        }
    }
}
