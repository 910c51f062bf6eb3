package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ListenerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> acceptedInLoop = new LinkedBlockingQueue<>();

    @AfterEach
    void closeAccepted() {
        accepted.forEach(Sockets::close);
    }

    @Test
    void handsAcceptedConnectionsOverReadyForTheLoop() throws Exception {
        Listener listener = listen();

        try (Socket user = connect(listener)) {
            SocketChannel channel = nextAccepted();
            assertThat(channel.isBlocking()).isFalse();
            assertThat(((InetSocketAddress) channel.getRemoteAddress()).getPort())
                    .isEqualTo(user.getLocalPort());
            assertThat(acceptedInLoop.take()).isTrue();
            channel.close();
        }
        listener.close();
    }

    @Test
    void saysThatItWasClosed() throws Exception {
        Listener listener = bind();
        assertThat(listener.trouble()).isEmpty();
        listener.close();
        assertThat(listener.trouble()).contains("closed");
    }

    @Test
    void takesManyConnectionsAtOnce() throws Exception {
        Listener listener = bind();
        List<Socket> users = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            users.add(connect(listener)); // the backlog then has more connections than one turn accepts
        }
        assertThat(accepted).isEmpty();

        listener.start();

        await().untilAsserted(() -> assertThat(accepted).hasSize(100));
        for (Socket user : users) {
            user.close();
        }
    }

    @Test
    void tellsThePortThatItReallyHas() throws Exception {
        Listener listener = bind();

        assertThat(listener.address().getPort()).isPositive();
        assertThat(listener.address().getAddress()).isEqualTo(LOOPBACK);
        assertThat(listener)
                .hasToString("listener 127.0.0.1:" + listener.address().getPort());
        assertThat(listener.loop()).isSameAs(loops.loop());
        listener.close();
    }

    @Test
    void refusesAnAddressInUseAndNamesIt() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
            InetSocketAddress taken = new InetSocketAddress(LOOPBACK, other.getLocalPort());

            assertThatThrownBy(() -> Listener.bind(taken, loops.loop(), accepted::add))
                    .asInstanceOf(type(ListenException.class))
                    .satisfies(e -> assertThat(e.address()).isEqualTo(taken))
                    .satisfies(e -> assertThat(e).hasCauseInstanceOf(BindException.class))
                    .satisfies(e -> assertThat(e).hasMessageContaining(String.valueOf(taken.getPort())));
        }
    }

    @Test
    void refusesAnAddressOfAnotherHost() {
        InetSocketAddress documentation = new InetSocketAddress("192.0.2.1", 0);

        assertThatThrownBy(() -> Listener.bind(documentation, loops.loop(), accepted::add))
                .asInstanceOf(type(ListenException.class))
                .satisfies(e -> assertThat(e.address()).isEqualTo(documentation));
    }

    @Test
    void freesThePortWhenClosed() throws Exception {
        Listener listener = listen();
        InetSocketAddress address = listener.address();
        loops.call(() -> "started"); // by then, the loop waits, and nothing else wakes it

        listener.close();

        await().ignoreExceptionsInstanceOf(BindException.class).until(() -> {
            try (ServerSocket next = new ServerSocket(address.getPort(), 1, LOOPBACK)) {
                return next.isBound();
            }
        });
    }

    @Test
    void freesThePortWhenClosedBeforeItWasStarted() throws Exception {
        Listener listener = bind();

        listener.close();

        try (ServerSocket next = new ServerSocket(listener.address().getPort(), 1, LOOPBACK)) {
            assertThat(next.isBound()).isTrue();
        }
    }

    @Test
    void freesThePortWhenItsLoopEnds() throws Exception {
        Listener listener = listen();
        loops.call(() -> "started");

        loops.group().close();

        try (ServerSocket next = new ServerSocket(listener.address().getPort(), 1, LOOPBACK)) {
            assertThat(next.isBound()).isTrue();
        }
    }

    @Test
    void canBeClosedTwiceAndAfterItsLoop() throws Exception {
        Listener listener = listen();
        listener.close();
        loops.group().close();

        listener.close();

        assertThatThrownBy(() -> connect(listener)).isInstanceOf(ConnectException.class);
    }

    @Test
    void leavesAcceptedConnectionsWhenClosed() throws Exception {
        Listener listener = listen();
        try (Socket user = connect(listener);
                SocketChannel channel = nextAccepted()) {

            listener.close();
            await().untilAsserted(
                            () -> assertThatThrownBy(() -> connect(listener)).isInstanceOf(ConnectException.class));

            user.getOutputStream().write(7);
            assertThat(channel.isConnected()).isTrue();
            channel.configureBlocking(true);
            assertThat(channel.socket().getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void survivesUsersThatAreGoneBeforeTheyAreAccepted() throws Exception {
        Listener listener = bind();
        for (int i = 0; i < 20; i++) {
            Socket gone = connect(listener);
            gone.setSoLinger(true, 0);
            gone.close();
        }

        listener.start();

        try (Socket user = connect(listener)) {
            await().until(() -> accepted.stream().anyMatch(channel -> isOf(channel, user)));
        }
    }

    @Test
    void resetsTheConnectionWhoseAcceptorFailsAndGoesOnListening() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        Listener listener = Listener.bind(new InetSocketAddress(LOOPBACK, 0), loops.loop(), channel -> {
            if (fails.getAndSet(false)) {
                throw new IllegalStateException("on purpose");
            }
            accepted.add(channel);
        });
        listener.start();

        try (Socket unlucky = connect(listener)) {
            unlucky.setSoTimeout(30_000);
            assertThatThrownBy(() -> unlucky.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        try (Socket next = connect(listener)) {
            try (SocketChannel channel = nextAccepted()) {
                assertThat(isOf(channel, next)).isTrue();
            }
        }
    }

    private static boolean isOf(SocketChannel channel, Socket user) {
        return Sockets.remote(channel).equals("127.0.0.1:" + user.getLocalPort());
    }

    private Listener listen() throws IOException {
        Listener listener = bind();
        listener.start();
        return listener;
    }

    private Listener bind() throws IOException {
        return Listener.bind(new InetSocketAddress(LOOPBACK, 0), loops.loop(), channel -> {
            acceptedInLoop.add(loops.loop().inLoop());
            accepted.add(channel);
        });
    }

    private SocketChannel nextAccepted() throws InterruptedException {
        SocketChannel channel = accepted.poll(30, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
        return channel;
    }

    private static Socket connect(Listener listener) throws IOException {
        return new Socket(LOOPBACK, listener.address().getPort());
    }
}
