package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UdpTarget;
import io.portproxy.testing.UdpTarget.User;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests many users of a port of type udp, and many senders with possibly forged addresses, with several tunnels. */
class DatagramFloodTest {
    private static final Speech SPEECH = Speech.EXTENDED_IN_THREE_TUNNELS;
    private static final byte[] PING = Bytes.of("ping");
    private static final int MOST = 200;
    private static final int FORGED = 100_000;
    private static final int STEP = 5000;

    /** The most growth of the heap in bytes, far less than a kilobyte for each sender. */
    private static final long MOST_HEAP = 32 << 20;

    private UdpTarget target;
    private ServerUnderTest server;
    private ClientUnderTest client;

    @BeforeEach
    void start() throws Exception {
        target = UdpTarget.echo();
        server = new ServerUnderTest(TestSettings.server(new RemoteSettings(
                "r",
                SPEECH.tokens(),
                List.of(TestSettings.udp(
                        TestSettings.anyPort(), target.port(), new UdpSettings(Duration.ofMinutes(1), MOST, 40, 0))))));
        client = new ClientUnderTest(SPEECH.client("r", server.tunnelAddress()));
        await().until(() -> server.role().remotes().get(0).tunnels().size() == 3);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        target.close();
    }

    private PortView port() {
        return server.role().remotes().get(0).ports().get(0);
    }

    @Test
    void eachSessionStaysInOneOfSeveralTunnels() throws Exception {
        List<User> users = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                User user = new User(server.exposed(0));
                users.add(user);
                user.ask(PING);
            }
            for (int n = 0; n < 20; n++) {
                for (User user : users) {
                    byte[] data = Bytes.random(n, 100);
                    byte[] answer = user.ask(data);
                    while (answer.length == PING.length) {
                        answer = user.ask(data); // the first answer belonged to a ping that was sent twice
                    }
                    assertThat(answer).hasSize(100);
                }
            }
        } finally {
            users.forEach(User::close);
        }
        assertThat(target.senders()).isEqualTo(12);
        assertThat(port().streams().opened()).isEqualTo(12);
        assertThat(port().streams().live()).isEqualTo(12);
        assertThat(server.role().remotes().get(0).tunnels())
                .extracting(tunnel -> tunnel.handle().view().streams())
                .doesNotContain(0);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aFloodOfForgedSendersTakesABoundedNumberOfSessions() throws Exception {
        InetSocketAddress exposed = server.exposed(0);
        try (User earnest = new User("127.0.7.1", exposed)) {
            for (int i = 0; i < 40; i++) {
                assertThat(earnest.ask(PING)).isEqualTo(PING);
            }
            long before = heap();
            for (int i = 0; i < FORGED; i++) {
                String from = "127." + (1 + i % 200) + "." + i / 200 % 250 + "." + (1 + i / 50_000);
                try (DatagramChannel forged = DatagramChannel.open(StandardProtocolFamily.INET)) {
                    forged.bind(new InetSocketAddress(from, 0));
                    forged.send(ByteBuffer.wrap(PING), exposed);
                }
                if (i % STEP == 0) {
                    assertThat(earnest.ask(PING)).isEqualTo(PING);
                    assertThat(port().streams().live()).isLessThanOrEqualTo(2 * MOST); // some sessions are about to end
                    assertThat(client.role().view().streams().live()).isLessThanOrEqualTo(2 * MOST);
                    assertThat(server.buffersInUse()).isLessThan(MOST);
                    assertThat(client.buffersInUse()).isLessThan(MOST);
                }
            }
            assertThat(earnest.ask(PING)).isEqualTo(PING);
            assertThat(heap() - before).isLessThan(MOST_HEAP);
        }
        await().untilAsserted(() -> assertThat(port().streams().live()).isLessThanOrEqualTo(MOST));
        await().untilAsserted(
                        () -> assertThat(client.role().view().streams().live()).isLessThanOrEqualTo(MOST));
        assertThat(port().datagrams().dropped().getOrDefault("too_many_sessions", 0L))
                .isPositive();
        try (User late = new User("127.0.8.1", exposed)) {
            assertThat(late.ask(PING)).isEqualTo(PING);
        }
    }
}
