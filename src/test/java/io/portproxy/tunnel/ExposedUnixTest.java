package io.portproxy.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.net.AddressRange;
import io.portproxy.net.AddressSet;
import io.portproxy.net.ListenException;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.UnixBind;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.StrictProxyHeader;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UnixTarget;
import io.portproxy.testing.WebUnderTest;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests unix sockets of the server at which users connect. */
@ParameterizedClass
@EnumSource
class ExposedUnixTest {
    private static final int MANY = 3_000_000;

    private final Speech speech;
    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // the last one first
    private ServerUnderTest server;

    @TempDir
    private Path folder;

    ExposedUnixTest(Speech speech) {
        this.speech = speech;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        assertThat(file()).as("the socket of a server that has stopped").doesNotExist();
    }

    private <T extends AutoCloseable> T closing(T fresh) {
        open.push(fresh);
        return fresh;
    }

    private Path file() {
        return folder.resolve("app.sock");
    }

    private PortAddress at(String mode) {
        return new PortAddress.Socket(UnixBind.parse("unix:" + file() + mode));
    }

    private RemoteSettings remote(PortSettings... ports) {
        return new RemoteSettings("r", speech.tokens(), List.of(ports));
    }

    private PortSettings tcp(int target) {
        return TestSettings.tcp(TestSettings.anyPort(), target).at(at(""));
    }

    private void start(PortSettings port) throws Exception {
        server = closing(new ServerUnderTest(TestSettings.server(remote(port))));
        ClientUnderTest client = closing(new ClientUnderTest(speech.client("r", server.tunnelAddress())));
        client.awaitConnected(server);
    }

    private SocketChannel connect() throws IOException {
        return closing(SocketChannel.open(UnixDomainSocketAddress.of(file())));
    }

    private static void send(SocketChannel user, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            user.write(buffer);
        }
    }

    /** Starts a target that answers with the lines that it received, up to an empty one. */
    private Target lines() {
        return closing(new Target(socket -> {
            StringBuilder got = new StringBuilder();
            while (!got.toString().endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return;
                }
                got.append((char) next);
            }
            String body = got.toString();
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                                    + body)
                            .getBytes(ISO_8859_1));
        }));
    }

    private static String readAll(SocketChannel user) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10_000);
        while (user.read(buffer) >= 0) {
            assertThat(buffer.hasRemaining()).isTrue();
        }
        return new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
    }

    @Test
    void bytesAndEndsGoBothWays() throws Exception {
        start(tcp(closing(Target.echo()).port()));
        byte[] sent = Bytes.random(7, MANY);
        SocketChannel user = connect();
        Thread sender = new Thread(() -> {
            try {
                send(user, sent);
            } catch (IOException e) {
                throw new IllegalStateException(e); // in this case the test reads too few bytes below
            }
        });
        sender.start();

        assertThat(UnixTarget.read(user, MANY)).isEqualTo(sent);
        sender.join();
        user.shutdownOutput();
        assertThat(user.read(ByteBuffer.allocate(1))).as("the end").isEqualTo(-1);
        assertThat(server.role().remotes().get(0).ports().get(0).bind()).isEqualTo("unix:" + file());
    }

    @Test
    void itsModeChangesWhileUsersAreConnected() throws Exception {
        PortSettings port = tcp(closing(Target.echo()).port());
        start(port);
        SocketChannel user = connect();
        assertThat(mode()).isEqualTo("rw-rw----");

        server.change(List.of(remote(port.at(at("|0600")))), Duration.ZERO, () -> {});

        assertThat(mode()).isEqualTo("rw-------");
        send(user, Bytes.of("still"));
        assertThat(UnixTarget.read(user, 5)).isEqualTo(Bytes.of("still"));
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
    }

    @Test
    void aSocketThatIsRemovedIsDeletedAndOneThatIsAddedIsMade() throws Exception {
        PortSettings port = tcp(closing(Target.echo()).port());
        start(port);

        server.change(List.of(remote()), Duration.ZERO, () -> {});
        assertThat(file()).doesNotExist();

        server.change(List.of(remote(port)), Duration.ZERO, () -> {});
        SocketChannel user = connect();
        send(user, Bytes.of("again"));
        assertThat(UnixTarget.read(user, 5)).isEqualTo(Bytes.of("again"));
    }

    @Test
    void aFileThatIsInTheWayRefusesTheChange() throws Exception {
        start(TestSettings.tcp(TestSettings.anyPort(), closing(Target.echo()).port()));
        Files.writeString(file(), "precious");

        assertThatThrownBy(() -> server.change(List.of(remote(tcp(1))), Duration.ZERO, () -> {}))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("unix:" + file());

        assertThat(file()).hasContent("precious");
        Files.delete(file());
    }

    @Test
    void usersAreAt127001ForLists() throws Exception {
        PortSettings port = tcp(closing(Target.echo()).port());
        start(port.withAccess(Optional.of(new Access(Optional.of(set("192.0.2.0/24")), AddressSet.NONE))));

        assertThat(connect().read(ByteBuffer.allocate(1))).as("the end").isEqualTo(-1);

        server.change(
                List.of(remote(
                        port.withAccess(Optional.of(new Access(Optional.of(set("127.0.0.1")), AddressSet.NONE))))),
                Duration.ZERO,
                () -> {});
        SocketChannel user = connect();
        send(user, Bytes.of("hello"));
        assertThat(UnixTarget.read(user, 5)).isEqualTo(Bytes.of("hello"));

        server.change(
                List.of(remote(port.withAccess(Optional.of(new Access(Optional.empty(), set("127.0.0.1")))))),
                Duration.ZERO,
                () -> {});
        assertThat(user.read(ByteBuffer.allocate(1)))
                .as("the end of one who is connected")
                .isEqualTo(-1);
    }

    private static AddressSet set(String range) {
        return AddressSet.of(List.of(AddressRange.parse(range)));
    }

    @Test
    void aUserWhoWaitsForTheRemoteMaySpeakFirst() throws Exception {
        PortSettings port = tcp(closing(Target.echo()).port());
        server = closing(new ServerUnderTest(TestSettings.server(
                remote(port.withLimits(LimitSettings.NONE.withHold(Optional.of(Duration.ofSeconds(60))))))));
        SocketChannel user = connect();
        send(user, Bytes.of("hello"));

        closing(new ClientUnderTest(speech.client("r", server.tunnelAddress())));

        assertThat(UnixTarget.read(user, 5)).isEqualTo(Bytes.of("hello"));
    }

    @Test
    void webApplicationsSeeTheUserAt127001() throws Exception {
        int target = lines().port();
        start(new PortSettings(TestSettings.anyPort(), Optional.empty(), target, Optional.of(WebUnderTest.http(target)))
                .at(at("")));
        SocketChannel user = connect();

        send(user, Bytes.of("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"));

        assertThat(readAll(user))
                .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Port: 80\r\n", "X-Forwarded-Proto: http\r\n");
    }

    @Test
    void aProxyInFrontSaysWhoUsersAre() throws Exception {
        int target = lines().port();
        start(new PortSettings(TestSettings.anyPort(), Optional.empty(), target, Optional.of(WebUnderTest.http(target)))
                .at(at(""))
                .withProxies(set("127.0.0.1")));
        SocketChannel user = connect();

        send(user, StrictProxyHeader.v1("192.0.2.7", 4711));
        send(user, Bytes.of("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"));

        assertThat(readAll(user)).contains("X-Forwarded-For: 192.0.2.7\r\n");
    }

    @Test
    void aTargetIsToldThatAUserHasNoAddress() throws Exception {
        start(tcp(lines().port()).withProxyProtocol(Optional.of(ProxyHeader.Version.V1)));
        SocketChannel user = connect();
        if (speech == Speech.CLASSIC) { // it cannot tell the remote what to write first
            assertThat(user.read(ByteBuffer.allocate(1))).as("the end").isEqualTo(-1);
            return;
        }

        send(user, Bytes.of("\r\n"));

        assertThat(readAll(user)).endsWith("\r\n\r\nPROXY UNKNOWN\r\n\r\n");
    }
}
