package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.AllowedPorts;
import io.portproxy.client.AllowedTarget;
import io.portproxy.client.ClientSettings;
import io.portproxy.client.ExposeListener;
import io.portproxy.client.ExposeWish;
import io.portproxy.client.ExposedTarget;
import io.portproxy.client.ProxyClient;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.server.Grant;
import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a remote that asks for ports, and a server that grants some of them. */
class ExposeTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private RawTarget target;
    private ServerUnderTest server;

    @BeforeEach
    void open() throws Exception {
        target = RawTarget.open();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        target.close();
    }

    private static RemoteSettings template(int first, int last) {
        Grant grant = new Grant(LOOPBACK, first, last, 2, Duration.ofHours(1), 10);
        return ExtendedSettings.remote("dev-*").withGrant(grant);
    }

    private ClientUnderTest connect(ClientSettings settings) throws Exception {
        ExposeListener listener = new ExposeListener() {
            @Override
            public void exposed(ExposedTarget now) {
                told.add("port " + now.port());
            }

            @Override
            public void refused(String refusedTarget, ExposeRefusal reason, String message) {
                told.add(reason.key());
            }
        };
        return new ClientUnderTest(
                settings,
                (made, loops, tls, memory) -> new ProxyClient(made, loops, tls, memory, EventSink.NONE, listener));
    }

    private ClientSettings settings(int port) {
        return ExtendedSettings.client("dev-ann", server.tunnelAddress())
                .withExpose(new ExposeWish(Optional.empty(), target.port(), port))
                .withAllow(new AllowedPorts(AllowedTarget.LOOPBACK, Optional.of(target.port())));
    }

    private String next() throws InterruptedException {
        return String.valueOf(told.poll(20, TimeUnit.SECONDS));
    }

    private int nextPort() throws InterruptedException {
        String line = next();
        assertThat(line).startsWith("port ");
        return Integer.parseInt(line.substring("port ".length()));
    }

    @Test
    void usersReachTheTargetOfARemoteThatHasAskedForIt() throws Exception {
        server = new ServerUnderTest(TestSettings.server(template(25000, 25099)));
        int port;
        try (ClientUnderTest client = connect(settings(0))) {
            port = nextPort();
            assertThat(port).isBetween(25000, 25099);

            try (PlainSocket user = PlainSocket.connect(new InetSocketAddress(LOOPBACK, port))) {
                user.send("hello".getBytes(StandardCharsets.UTF_8));
                PlainSocket reached = target.accept();
                assertThat(new String(reached.awaitReceived(5), StandardCharsets.UTF_8))
                        .isEqualTo("hello");
                reached.close();
            }
            assertThat(client.connected()).isTrue();
        }
        try (ClientUnderTest client = connect(settings(0))) {
            assertThat(nextPort()).as("of a remote that was started anew").isEqualTo(port);
            assertThat(client.connected()).isTrue();
        }
    }

    @Test
    void aRemoteThatComesBackToAServerStartedAnewHasThePortThatItHad() throws Exception {
        server = new ServerUnderTest(TestSettings.server(template(25100, 25199)));
        InetSocketAddress where = server.tunnelAddress();
        RawTarget other = RawTarget.open();
        ClientSettings settings = settings(0)
                .withExpose(
                        new ExposeWish(Optional.empty(), target.port(), 0),
                        new ExposeWish(Optional.empty(), other.port(), 0));
        try (ClientUnderTest client = connect(settings)) {
            List<Integer> ports = List.of(nextPort(), nextPort());
            server.close();

            server = new ServerUnderTest(
                    TestSettings.server(template(25100, 25199)).withBind(where));
            client.awaitConnected(server);

            await().untilAsserted(() -> assertThat(server.role().exposedAddresses())
                    .extracting(InetSocketAddress::getPort)
                    .containsExactlyInAnyOrderElementsOf(ports));
            assertThat(told).as("nothing new is told").isEmpty();
        }
        other.close();
    }

    @Test
    void aWishThatIsRefusedIsToldWithItsReason() throws Exception {
        server = new ServerUnderTest(TestSettings.server(template(25200, 25209)));
        try (ClientUnderTest client = connect(settings(80))) {
            assertThat(next()).isEqualTo("outside");
            assertThat(client.role().view().failures()).isZero();
        }
    }

    @Test
    void aPortThatIsTakenIsAskedForAgainUntilItIsFree() throws Exception {
        server = new ServerUnderTest(TestSettings.server(template(25300, 25309)));
        ServerSocket held = new ServerSocket(25305, 1, LOOPBACK);
        try (ClientUnderTest client = connect(settings(25305))) {
            assertThat(next()).isEqualTo("taken");

            held.close();

            assertThat(nextPort()).isEqualTo(25305);
            assertThat(client.connected()).isTrue();
        }
    }

    @Test
    void aRemoteWithoutAGrantIsTold() throws Exception {
        server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("dev-ann")));
        try (ClientUnderTest client = connect(settings(0))) {
            assertThat(next()).isEqualTo("not_granted");
            client.awaitConnected(server);
        }
    }

    @Test
    void aServerOfAnOlderVersionIsNotAsked() throws Exception {
        server = new ServerUnderTest(TestSettings.server());
        try (TestServer older = new TestServer(Dialect.EXTENDED);
                ClientUnderTest client = connect(ExtendedSettings.client("dev-ann", older.address())
                        .withExpose(new ExposeWish(Optional.empty(), target.port(), 0)))) {
            TestPeer peer = older.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
            assertThat(next()).isEqualTo("unsupported");

            peer.send(Instruction.of(0x0020, (byte) 0, (byte) 0, (byte) 0x4e, (byte) 0x20, (byte) 0));

            assertThat(peer.socket().awaitEnd())
                    .as("it must not answer what was not asked")
                    .isNotNull();
            await().until(() -> client.role().view().failures() > 0);
        }
    }

    @Test
    void withSeveralTunnelsItAsksInTheFirst() throws Exception {
        server = new ServerUnderTest(TestSettings.server(template(25400, 25409)));
        try (ClientUnderTest client = connect(settings(0).withTunnels(3))) {
            assertThat(nextPort()).isBetween(25400, 25409);
            await().until(client::connected);
            assertThat(server.role().grants().granted()).isOne();
        }
    }
}
