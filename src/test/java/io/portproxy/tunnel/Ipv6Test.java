package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests tunnels and exposed ports on ::1. The target stays on 127.0.0.1. */
@ParameterizedClass
@EnumSource
class Ipv6Test {
    private final Speech speech;
    private InetSocketAddress anyPort;

    Ipv6Test(Speech speech) {
        this.speech = speech;
    }

    @BeforeEach
    void findLoopback() throws UnknownHostException {
        byte[] one = new byte[16];
        one[15] = 1;
        InetAddress loopback = InetAddress.getByAddress(one);
        assumeThat(hasIpv6(loopback)).as("this machine has IPv6").isTrue();
        anyPort = new InetSocketAddress(loopback, 0);
    }

    private static boolean hasIpv6(InetAddress loopback) {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
            return socket.isBound() && loopback instanceof Inet6Address;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aStreamRunsOverIpv6() throws Exception {
        byte[] there = Bytes.random(1, 300_000);
        byte[] back = Bytes.random(2, 300_000);
        try (LogRecorder log = new LogRecorder();
                RawTarget target = RawTarget.open();
                ServerUnderTest server = new ServerUnderTest(TestSettings.server(new RemoteSettings(
                                "r", speech.tokens(), List.of(TestSettings.tcp(anyPort, target.port()))))
                        .withBind(anyPort));
                ClientUnderTest client = new ClientUnderTest(speech.client("r", server.tunnelAddress()))) {
            await().until(() -> !log.linesWith("remote r is connected from [").isEmpty());
            client.awaitConnected(server);
            PlainSocket user = PlainSocket.connect(server.exposed(0));
            PlainSocket connection = target.accept();
            user.send(there);
            assertThat(connection.awaitReceived(there.length)).isEqualTo(there);
            connection.send(back);
            connection.close();
            assertThat(user.awaitEnd()).isEqualTo(PlainSocket.End.CLEAN);
            assertThat(user.received()).isEqualTo(back);
            user.close();
        }
    }
}
