package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.ListenException;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.PortRanges;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UdpTarget;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a range of exposed ports that leads to a range of target ports of the same length. */
class PortRangeTest {
    private static final int COUNT = 5;

    private final List<AutoCloseable> open = new ArrayList<>();
    private int exposed;
    private int targets;

    @BeforeEach
    void choosePorts() throws Exception {
        int first = PortRanges.free(3 * COUNT);
        exposed = first;
        targets = first + 2 * COUNT;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T fresh) {
        open.add(fresh);
        return fresh;
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private PortAddress ports(int count) {
        return new PortAddress.Ports(at(exposed), count);
    }

    private PortSettings range() {
        return TestSettings.tcp(at(exposed), targets).at(ports(COUNT));
    }

    private static RemoteSettings remote(PortSettings... ports) {
        return new RemoteSettings("r", ExtendedSettings.remote("r", 1).tokens(), List.of(ports));
    }

    private ServerUnderTest start(PortSettings... ports) throws Exception {
        ServerUnderTest server = closing(new ServerUnderTest(TestSettings.server(remote(ports))));
        closing(new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress())))
                .awaitConnected(server);
        return server;
    }

    private static void change(ServerUnderTest server, PortSettings... ports) throws ListenException {
        server.change(List.of(remote(ports)), Duration.ofHours(1), () -> {});
    }

    /** Starts the targets. Each sends its number. */
    private void serveAll() {
        for (int i = 0; i < COUNT; i++) {
            byte[] name = {(byte) i};
            closing(new Target(
                    at(targets + i), socket -> socket.getOutputStream().write(name)));
        }
    }

    @Test
    void eachPortLeadsToTheOneAtItsPlace() throws Exception {
        serveAll();
        ServerUnderTest server = start(range());

        for (int i = 0; i < COUNT; i++) {
            try (PlainSocket user = PlainSocket.connect(at(exposed + i))) {
                assertThat(user.awaitReceived(1)).isEqualTo(new byte[] {(byte) i});
            }
        }
        List<PortView> ports = server.role().remotes().get(0).ports();
        assertThat(ports).singleElement().satisfies(port -> {
            assertThat(port.bind()).isEqualTo("127.0.0.1:" + exposed + "-" + (exposed + COUNT - 1));
            assertThat(port.target()).isEqualTo("127.0.0.1:" + targets + "-" + (targets + COUNT - 1));
            assertThat(port.listening()).isTrue();
            assertThat(port.streams().opened()).isEqualTo(COUNT);
        });
    }

    @Test
    void datagramsDoTheSame() throws Exception {
        for (int i = 0; i < COUNT; i++) {
            closing(UdpTarget.echo(targets + i));
        }
        ServerUnderTest server = start(
                TestSettings.udp(at(exposed), targets, UdpSettings.DEFAULT).at(ports(COUNT)));

        try (UdpTarget.User user = new UdpTarget.User(at(exposed + 2))) {
            user.send(Bytes.of("two"));
            assertThat(user.next()).isEqualTo(Bytes.of("two"));
        }
        try (UdpTarget.User user = new UdpTarget.User(at(exposed + COUNT - 1))) {
            user.send(Bytes.of("last"));
            assertThat(user.next()).isEqualTo(Bytes.of("last"));
        }
        assertThat(server.role().remotes().get(0).ports().get(0).bind())
                .isEqualTo("127.0.0.1:" + exposed + "-" + (exposed + COUNT - 1) + "-udp");
    }

    @Test
    void allAreBoundOrNone() throws Exception {
        ServerUnderTest server = start();
        try (ServerSocket another = new ServerSocket(exposed + 3, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> change(server, range()))
                    .asInstanceOf(type(ListenException.class))
                    .extracting(ListenException::address)
                    .isEqualTo(at(exposed + 3));
            assertThat(another.isBound()).isTrue();
        }
        for (int i = 0; i < COUNT; i++) {
            int port = exposed + i;
            assertThatThrownBy(() -> PlainSocket.connect(at(port))).isInstanceOf(ConnectException.class);
        }
        change(server, range());
        change(server);
        assertThatThrownBy(() -> PlainSocket.connect(at(exposed))).isInstanceOf(ConnectException.class);
    }

    @Test
    void anotherTargetKeepsThePortsOpen() throws Exception {
        serveAll();
        ServerUnderTest server =
                start(TestSettings.tcp(at(exposed), targets + 100).at(ports(COUNT)));
        PlainSocket refused = closing(PlainSocket.connect(at(exposed + 1)));
        assertThat(refused.awaitEnd()).isEqualTo(End.RESET);
        change(server, range());
        PlainSocket user = closing(PlainSocket.connect(at(exposed + 1)));
        assertThat(user.awaitReceived(1)).isEqualTo(new byte[] {1});
    }

    @Test
    void anotherLengthTakesTwoChanges() throws Exception {
        ServerUnderTest server = start(range());
        assertThatThrownBy(() -> change(server, range().at(ports(COUNT + 1))))
                .hasMessageContaining(
                        "listened on by 127.0.0.1:" + exposed + "-" + (exposed + COUNT - 1) + " of remote r");
        assertThatThrownBy(() -> change(server, TestSettings.tcp(at(exposed + 1), targets)))
                .hasMessageContaining("of remote r");
        PlainSocket stillThere = closing(PlainSocket.connect(at(exposed)));
        assertThat(stillThere.awaitEnd()).isEqualTo(End.RESET); // nothing listens at the target
        change(server);
        await().ignoreExceptionsInstanceOf(ListenException.class)
                .until(
                        () -> { // until the system has released the ports
                            change(server, range().at(ports(COUNT + 1)));
                            return true;
                        });
    }
}
