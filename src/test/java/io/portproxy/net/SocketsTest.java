package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SocketsTest {
    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    @Test
    void resetsSoThatThePeerCannotTakeItForAnEnd() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            Sockets.reset(pair.ours());

            assertThat(pair.ours().isOpen()).isFalse();
            assertThatThrownBy(() -> pair.peer().getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void resetsAChannelThatIsOnALoop() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            loops.call(() -> {
                loops.loop().register(pair.ours(), SelectionKey.OP_READ, new Idle(pair.ours()));
                pair.ours().write(ByteBuffer.wrap(new byte[] {1}));
                Sockets.reset(pair.ours());
                return true;
            });

            assertThatThrownBy(() -> pair.peer().getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void resetsWhatItsLoopAborts() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            loops.call(() -> loops.loop().register(pair.ours(), SelectionKey.OP_READ, new Idle(pair.ours())));

            loops.group().close();

            assertThatThrownBy(() -> pair.peer().getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void closesWithACleanEnd() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            Sockets.close(pair.ours());

            assertThat(pair.peer().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void canResetWhatIsClosed() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            Sockets.close(pair.ours());
            Sockets.reset(pair.ours());

            assertThat(pair.peer().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void canResetWhatWasNeverConnected() throws IOException {
        SocketChannel channel = SocketChannel.open();

        Sockets.reset(channel);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void keepsQuietAboutAFailureToClose() {
        Sockets.close(() -> {
            throw new IOException("on purpose");
        });
    }

    @Test
    void preparesAChannelForALoop() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            Sockets.prepare(channel);

            assertThat(channel.isBlocking()).isFalse();
            assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        }
    }

    @Test
    void writesAddressesAsAConfigurationDoes() throws IOException {
        assertThat(Sockets.text(new InetSocketAddress("192.0.2.1", 80))).isEqualTo("192.0.2.1:80");
        assertThat(Sockets.text(new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 443)))
                .isEqualTo("[2001:db8:0:0:0:0:0:1]:443");
        assertThat(Sockets.text(InetSocketAddress.createUnresolved("proxy.example", 7000)))
                .isEqualTo("proxy.example:7000");
        assertThat(Sockets.text(InetSocketAddress.createUnresolved("2001:db8::1", 7000)))
                .isEqualTo("[2001:db8::1]:7000");
    }

    @Test
    void namesThePeer() throws IOException {
        try (SocketPair pair = SocketPair.open();
                Socket peer = pair.peer()) {
            assertThat(Sockets.remote(pair.ours())).isEqualTo("127.0.0.1:" + peer.getLocalPort());
            pair.ours().close();
            assertThat(Sockets.remote(pair.ours())).isEqualTo("closed");
        }
        try (SocketChannel unconnected = SocketChannel.open()) {
            assertThat(Sockets.remote(unconnected)).isEqualTo("not connected");
        }
    }

    @Test
    void knowsWhenDescriptorsHaveRunOut() {
        assertThat(Sockets.isOutOfDescriptors(new IOException("Too many open files")))
                .isTrue();
        assertThat(Sockets.isOutOfDescriptors(new IOException("Too many open files in system")))
                .isTrue();
        assertThat(Sockets.isOutOfDescriptors(new IOException("Connection refused")))
                .isFalse();
        assertThat(Sockets.isOutOfDescriptors(new IOException())).isFalse();
    }

    @Test
    void givesTheSpareDescriptorUpOnce() throws Exception {
        SpareDescriptor spare = new SpareDescriptor();
        assertThat(spare.release()).isFalse();
        spare.hold();
        spare.hold();

        assertThat(spare.release()).isTrue();
        assertThat(spare.release()).isFalse();
    }

    private record Idle(SocketChannel channel) implements ReadyHandler {
        @Override
        public void ready(int readyOps) {
            throw new IllegalStateException("nobody sends");
        }

        @Override
        public void abort() {
            Sockets.reset(channel);
        }
    }
}
