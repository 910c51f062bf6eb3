package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LingeringCloseTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    @Test
    void givesAPeerThatStillSendsEverythingAndACleanEnd() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            Socket peer = pair.peer();
            peer.getOutputStream().write(new byte[10_000]); // never read, so a plain close would reset
            pair.ours().write(ByteBuffer.wrap(new byte[20_000]));

            start(pair.ours(), LONG);

            peer.getOutputStream().write(new byte[4 << 20]);
            assertThat(peer.getInputStream().readAllBytes()).hasSize(20_000);
            peer.getOutputStream().write(new byte[4 << 20]);
            assertThat(pair.ours().isOpen()).isTrue();
            peer.shutdownOutput();
            await().until(() -> !pair.ours().isOpen());
        }
    }

    @Test
    void endsWithThePeersEndAndForgetsItsTimer() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            start(pair.ours(), LONG);
            assertThat(loops.call(() -> loops.loop().timers().millisToNext())).isPositive();

            assertThat(pair.peer().getInputStream().read()).isEqualTo(-1);
            pair.peer().close();

            await().until(() -> !pair.ours().isOpen());
            assertThat(loops.call(() -> loops.loop().timers().millisToNext())).isZero();
        }
    }

    @Test
    void endsWithThePeersReset() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            start(pair.ours(), LONG);

            pair.peer().setSoLinger(true, 0);
            pair.peer().close();

            await().until(() -> !pair.ours().isOpen());
            assertThat(loops.call(() -> loops.loop().timers().millisToNext())).isZero();
        }
    }

    @Test
    void endsWithTheTimeoutWhenThePeerDoesNot() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            pair.ours().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));

            start(pair.ours(), Duration.ofMillis(20));

            await().until(() -> !pair.ours().isOpen());
            assertThat(pair.peer().getInputStream().readAllBytes()).containsExactly(1, 2, 3);
            // The socket is closed: a RST answers the next byte.
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> pair.peer().getOutputStream().write(1))
                    .isInstanceOf(SocketException.class));
        }
    }

    @Test
    void endsWithTheTimeoutAlsoWhenThePeerNeverStopsSending() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            start(pair.ours(), Duration.ofMillis(20));

            assertThatThrownBy(() -> {
                        while (true) {
                            pair.peer().getOutputStream().write(new byte[1000]);
                        }
                    })
                    .isInstanceOf(SocketException.class);
            assertThat(pair.ours().isOpen()).isFalse();
        }
    }

    @Test
    void endsWithItsLoop() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            start(pair.ours(), LONG);

            loops.group().close();

            assertThat(pair.ours().isOpen()).isFalse();
        }
    }

    @Test
    void closesAChannelWhosePeerIsGoneAlready() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            pair.peer().setSoLinger(true, 0);
            pair.peer().close();

            start(pair.ours(), LONG);

            await().until(() -> !pair.ours().isOpen());
            assertThat(loops.call(() -> loops.loop().timers().millisToNext())).isZero();
        }
    }

    private void start(SocketChannel channel, Duration timeout) throws Exception {
        EventLoop loop = loops.loop();
        loops.call(() -> {
            SelectionKey key = loop.register(channel, SelectionKey.OP_WRITE, new Unexpected());
            LingeringClose.start(loop, channel, key, timeout);
            return true;
        });
    }

    /** The handler whose channel the class under test has taken over. */
    private static final class Unexpected implements ReadyHandler {
        @Override
        public void ready(int readyOps) {
            throw new IllegalStateException("the channel is no longer mine");
        }

        @Override
        public void abort() {
            throw new IllegalStateException("the channel is no longer mine");
        }
    }
}
