package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnixListenerTest {
    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @AfterEach
    void closeAccepted() {
        accepted.forEach(Sockets::close);
    }

    private Path file() {
        return folder.resolve("app.sock");
    }

    private UnixListener bind(String mode) throws ListenException {
        return UnixListener.bind(
                UnixBind.parse("unix:" + file() + (mode.isEmpty() ? "" : "|" + mode)), loops.loop(), accepted::add);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file()));
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
    }

    /** Binds the file as another program does that does not delete it when it ends. */
    private ServerSocketChannel otherProgram() throws IOException {
        ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        other.bind(UnixDomainSocketAddress.of(file()));
        return other;
    }

    private void assertRefused(ThrowingCallable binding, String why) {
        assertThatThrownBy(binding)
                .asInstanceOf(type(ListenException.class))
                .satisfies(e -> assertThat(e.address()).isEqualTo(UnixDomainSocketAddress.of(file())))
                .satisfies(e -> assertThat(e.getCause()).hasMessageContaining(why));
    }

    @Test
    void handsConnectionsOverAndDeletesItsFileWhenItCloses() throws Exception {
        UnixListener listener = bind("");
        listener.start();

        try (SocketChannel user = connect()) {
            SocketChannel channel = accepted.take();
            assertThat(channel.isBlocking()).isFalse();
            assertThat(user.isConnected()).isTrue();
            assertThat(Sockets.remote(channel)).isEqualTo("unix");
            channel.close();
        }
        assertThat(listener.trouble()).isEmpty();
        listener.close();
        assertThat(file()).doesNotExist();
        assertThat(listener.isOpen()).isFalse();
        assertThat(listener.trouble()).contains("closed");
    }

    @ParameterizedTest
    @CsvSource({"'', rw-rw----", "0600, rw-------", "0666, rw-rw-rw-", "0764, rwxrw-r--", "0111, --x--x--x"})
    void itsFileHasTheMode(String written, String mode) throws Exception {
        UnixListener listener = bind(written);

        assertThat(mode()).isEqualTo(mode);
        listener.change(UnixBind.parse("unix:" + file() + "|0640"));
        assertThat(mode()).isEqualTo("rw-r-----");
        listener.close();
    }

    @Test
    void takesThePlaceOfOneThatAKilledProcessHasLeft() throws Exception {
        otherProgram().close();
        assertThat(file()).exists();

        UnixListener listener = bind("");
        listener.start();
        try (SocketChannel user = connect()) {
            assertThat(user.isConnected()).isTrue();
            await().until(() -> accepted.size() == 1);
        }
        listener.close();
    }

    @Test
    void leavesASocketAtWhichSomebodyListens() throws Exception {
        try (ServerSocketChannel other = otherProgram()) {
            assertRefused(() -> bind(""), "in use");

            try (SocketChannel user = connect();
                    SocketChannel served = other.accept()) {
                assertThat(user.isConnected()).isTrue();
                assertThat(served.isConnected()).isTrue();
            }
        }
    }

    @Test
    void leavesAFileThatIsNoSocket() throws Exception {
        Files.writeString(file(), "precious");

        assertRefused(() -> bind(""), "no socket");

        assertThat(file()).hasContent("precious");
    }

    @Test
    void saysThatTheFolderIsNotThere() throws Exception {
        Files.delete(folder);

        assertRefused(() -> bind(""), "No such file");
        Files.createDirectory(folder);
    }

    @Test
    void doesNotChangeTheModeOfAFileThatIsNotItsOwnAnyMore() throws Exception {
        UnixListener listener = bind("0600");
        Files.delete(file());
        Files.writeString(file(), "another's");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--------"));

        assertThatThrownBy(() -> listener.change(UnixBind.parse("unix:" + file() + "|0666")))
                .hasMessageContaining("in its place");

        assertThat(mode()).isEqualTo("r--------");
        listener.close();
        assertThat(file()).hasContent("another's");
    }

    @Test
    void doesNotDeleteAFileThatIsNotItsOwnAnyMore() throws Exception {
        UnixListener listener = bind("");
        Files.delete(file());
        try (ServerSocketChannel other = otherProgram()) {
            listener.close();

            assertThat(file()).exists();
            assertThat(other.isOpen()).isTrue();
        }
    }
}
