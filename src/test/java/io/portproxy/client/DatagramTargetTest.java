package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UdpTarget;
import io.portproxy.tunnel.telemetry.EventSink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tests a UDP target whose name takes a long time to resolve. */
class DatagramTargetTest {
    private static final String HOST = "service.test";

    private final CountDownLatch found = new CountDownLatch(1);

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        try {
            if (host.equals(HOST)) {
                found.await();
            }
        } catch (InterruptedException e) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    @Test
    void oneLongDatagramWaitsAndShortOnesBesideIt() throws Exception {
        byte[] longest = Bytes.random(1, 65_507);
        try (UdpTarget target = UdpTarget.echo();
                ServerUnderTest server = new ServerUnderTest(TestSettings.server(new RemoteSettings(
                        "r",
                        List.of(),
                        List.of(new PortSettings(
                                        TestSettings.anyPort(), Optional.of(HOST), target.port(), Optional.empty())
                                .withUdp(UdpSettings.DEFAULT)))));
                ClientUnderTest client = new ClientUnderTest(
                        TestSettings.client("r", server.tunnelAddress(), Dialect.EXTENDED, Token.NONE)
                                .withAllow(new AllowedPorts(HOST, Optional.empty())),
                        (usual, loops, tls, memory) -> new ProxyClient(
                                usual, loops, tls, memory, EventSink.NONE, new Resolver(this::lookUp)));
                UdpTarget.User user = new UdpTarget.User(server.exposed(0))) {
            client.awaitConnected(server);
            user.send(longest);
            await().until(() -> client.role().view().streams().live() == 1);
            user.send(longest);
            await().until(
                            () -> client.role().view().datagrams().dropped().getOrDefault("opening", 0L),
                            dropped -> dropped == 1);
            user.send(Bytes.of("ping"));
            await().until(() ->
                    server.role().remotes().get(0).ports().get(0).datagrams().in() == 3);
            found.countDown();
            List<byte[]> answers = new ArrayList<>();
            await().until(() -> {
                byte[] answer = user.next();
                if (answer != null) {
                    answers.add(answer);
                }
                return answers.size() == 2;
            });
            assertThat(answers).containsExactly(longest, Bytes.of("ping"));
        } finally {
            found.countDown();
        }
    }
}
