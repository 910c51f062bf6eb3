package io.portproxy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoTargetTest {

    @Test
    void sendsBackAllUntilTheEnd() throws IOException {
        try (EchoTarget target = new EchoTarget(anyPort());
                Socket socket = connect(target)) {
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("hello");
        }
    }

    @Test
    void takesSoManyConnectionsAndNoMore() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try (EchoTarget target = new EchoTarget(anyPort())) {
            for (int i = 0; i < EchoTarget.MAX_CONNECTIONS; i++) {
                Socket socket = connect(target);
                sockets.add(socket);
                assertThat(isEchoed(socket)).isTrue();
            }
            try (Socket oneMore = connect(target)) {
                assertThat(isEchoed(oneMore)).isFalse();
            }
            sockets.remove(0).close();
            await().untilAsserted(() -> {
                try (Socket next = connect(target)) {
                    assertThat(isEchoed(next)).isTrue();
                }
            });
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void closesItsConnectionsWhenItStops() throws IOException {
        EchoTarget target = new EchoTarget(anyPort());
        try (Socket socket = connect(target)) {
            assertThat(isEchoed(socket)).isTrue();

            target.close();

            assertThat(isEchoed(socket)).isFalse();
        }
    }

    @Test
    void saysThatItsPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new EchoTarget((InetSocketAddress) taken.getLocalSocketAddress()))
                    .isInstanceOf(BindException.class);
        }
    }

    private static boolean isEchoed(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() == 'x';
        } catch (SocketException e) {
            return false; // closed or reset by the target
        }
    }

    private static Socket connect(EchoTarget target) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), target.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
