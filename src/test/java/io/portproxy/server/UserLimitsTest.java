package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.server.limits.LimitSettings.Bandwidth;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the limits for users with real sockets. The users come from several loopback addresses. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED_IN_THREE_TUNNELS"})
class UserLimitsTest {
    private static final LimitSettings NONE = LimitSettings.NONE;
    private static final Optional<Duration> LONG = Optional.of(Duration.ofMinutes(5));

    private final Speech speech;
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerUnderTest server;

    UserLimitsTest(Speech speech) {
        this.speech = speech;
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private PortSettings port(Target target) {
        return TestSettings.tcp(TestSettings.anyPort(), target.port());
    }

    private Target echo() {
        Target echo = Target.echo();
        open.add(echo);
        return echo;
    }

    private RemoteSettings remote(PortSettings... ports) {
        return new RemoteSettings("r", speech.tokens(), List.of(ports));
    }

    private void start(RemoteSettings remote) throws Exception {
        start(NONE, remote);
    }

    private void start(LimitSettings ofAll, RemoteSettings remote) throws Exception {
        startServer(ofAll, remote);
        startClient();
        await().until(server::connected);
    }

    private void startServer(LimitSettings ofAll, RemoteSettings remote) throws Exception {
        server = new ServerUnderTest(TestSettings.server(remote)
                .withUsers(UserSettings.DEFAULT.withLimits(ofAll).withMost(100, 2)));
        open.add(server);
    }

    private ClientUnderTest startClient() throws Exception {
        ClientUnderTest client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        open.add(client);
        return client;
    }

    private PlainSocket user(String from) throws Exception {
        return user(from, 0);
    }

    private PlainSocket user(String from, int port) throws Exception {
        PlainSocket user = PlainSocket.connectFrom(from, server.exposed(port));
        open.add(user);
        return user;
    }

    private static void isCarried(PlainSocket user) throws Exception {
        int before = user.size();
        user.send((byte) 7);
        user.awaitReceived(before + 1);
    }

    private PlainSocket carried(String from) throws Exception {
        PlainSocket user = user(from);
        isCarried(user);
        return user;
    }

    private void isRefused(PlainSocket user, String why) throws Exception {
        long before = refused(0, why);
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        await().untilAsserted(() -> assertThat(refused(0, why)).isPositive());
        assertThat(before).isLessThanOrEqualTo(refused(0, why));
    }

    private long refused(int port, String why) {
        return server.role().remotes().get(0).ports().get(port).refused().getOrDefault(why, 0L);
    }

    @Test
    void connectionsAreBoundedAtEachLevel() throws Exception {
        Target target = echo();
        PortSettings port = port(target);
        start(NONE.withConnections(3, 0), remote(port.withLimits(NONE.withConnections(2, 0)), port(target)));
        PlainSocket first = carried("127.0.0.2");
        carried("127.0.0.2");
        isRefused(user("127.0.0.2"), "limit_connections");
        isCarried(user("127.0.0.2", 1));
        assertThat(user("127.0.0.2", 1).awaitEnd()).isEqualTo(End.RESET); // by the server's limit of 3
        assertThat(target.connections()).isEqualTo(3);

        first.reset();
        await().until(() -> refusedOrCarried("127.0.0.3"));
    }

    /** Returns whether a new user is carried. A connection counts until the server knows of its end. */
    private boolean refusedOrCarried(String from) throws Exception {
        PlainSocket user = user(from);
        try {
            user.send((byte) 1);
        } catch (SocketException e) {
            return false; // the reset came first
        }
        await().until(() -> user.size() > 0 || user.end().isPresent());
        return user.size() > 0;
    }

    @Test
    void eachUserHasItsOwn() throws Exception {
        start(remote(port(echo())).withLimits(NONE.withConnections(0, 1)));
        carried("127.0.0.2");
        carried("127.0.0.3");
        isRefused(user("127.0.0.2"), "limit_connections_per_user");
    }

    @Test
    void opensASecondAreBounded() throws Exception {
        start(remote(port(echo()).withLimits(NONE.withOpens(1, 0))));
        for (int i = 0; i < 20; i++) {
            user("127.0.0.2");
        }
        await().untilAsserted(() -> assertThat(refused(0, "limit_rate")).isPositive());
    }

    @Test
    void opensASecondOfAUserAreBounded() throws Exception {
        start(remote(port(echo()).withLimits(NONE.withOpens(0, 1))));
        for (int i = 0; i < 20; i++) {
            user("127.0.0.2");
        }
        await().untilAsserted(
                        () -> assertThat(refused(0, "limit_rate_per_user")).isPositive());
        carried("127.0.0.3");
    }

    @Test
    void aUserOfHttpIsAnswered() throws Exception {
        List<String> heads = WebUnderTest.heads();
        Target application = WebUnderTest.application(heads);
        open.add(application);
        PortSettings port = new PortSettings(
                TestSettings.anyPort(),
                Optional.empty(),
                application.port(),
                Optional.of(WebUnderTest.http(application.port())));
        start(remote(port.withLimits(NONE.withConnections(0, 1)), port.withLimits(NONE.withConnections(1, 0))));
        for (int i = 0; i < 2; i++) {
            PlainSocket first = user("127.0.0.2", i);
            first.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            await().until(() -> text(first).startsWith("HTTP/1.1 200"));
            PlainSocket second = user("127.0.0.2", i);
            second.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            String status = i == 0 ? "HTTP/1.1 429 " : "HTTP/1.1 503 ";
            await().untilAsserted(
                            () -> assertThat(text(second)).startsWith(status).contains("Retry-After"));
        }
        assertThat(heads).hasSize(2);
    }

    private static String text(PlainSocket user) {
        return new String(user.received(), ISO_8859_1);
    }

    @Test
    void aLowerLimitRefusesNewConnectionsAlone() throws Exception {
        RemoteSettings remote = remote(port(echo()));
        start(remote);
        PlainSocket first = carried("127.0.0.2");
        PlainSocket second = carried("127.0.0.2");
        server.change(List.of(remote.withLimits(NONE.withConnections(1, 0))), Duration.ZERO, () -> {});
        isRefused(user("127.0.0.2"), "limit_connections");
        isCarried(first);
        isCarried(second);
        server.change(List.of(remote), Duration.ZERO, () -> {});
        carried("127.0.0.2");
        isCarried(first);
    }

    @Test
    void whoCarriesNothingIsReset() throws Exception {
        start(remote(port(echo()).withLimits(NONE.withTimes(Optional.of(Duration.ofMillis(300)), Optional.empty()))));
        PlainSocket user = carried("127.0.0.2");
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void aTimeThatComesLaterHoldsForRunningConnections() throws Exception {
        RemoteSettings remote = remote(port(echo()));
        start(remote);
        PlainSocket user = carried("127.0.0.2");
        server.change(
                List.of(remote.withLimits(NONE.withTimes(Optional.empty(), Optional.of(Duration.ofMillis(300))))),
                Duration.ZERO,
                () -> {});
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void allBytesPassAtABandwidth() throws Exception {
        byte[] bytes = new byte[300_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 31) >> 3);
        }
        RemoteSettings remote = remote(port(echo())
                .withLimits(NONE.withBandwidth(new Bandwidth(1_000_000, 900_000))
                        .withBandwidthPerConnection(new Bandwidth(800_000, 700_000))));
        start(remote);
        PlainSocket user = user("127.0.0.2");
        PlainSocket other = user("127.0.0.3");
        user.send(bytes);
        other.send(bytes);
        assertThat(user.awaitReceived(bytes.length)).isEqualTo(bytes);
        assertThat(other.awaitReceived(bytes.length)).isEqualTo(bytes);
        user.finish();
        assertThat(user.awaitEnd()).isEqualTo(speech == Speech.CLASSIC ? End.RESET : End.CLEAN);
    }

    @Test
    void anotherBandwidthHoldsForARunningConnection() throws Exception {
        byte[] bytes = new byte[2_000_000];
        RemoteSettings slow = remote(port(echo()).withLimits(NONE.withBandwidth(new Bandwidth(2048, 2048))));
        start(slow);
        PlainSocket user = user("127.0.0.2");
        Thread sender = new Thread(() -> {
            try {
                user.send(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        sender.start();
        await().until(() -> user.size() > 0);
        server.change(List.of(remote(slow.ports().get(0).withLimits(NONE))), Duration.ZERO, () -> {});
        user.awaitReceived(bytes.length); // at the old bandwidth: a quarter of an hour
        sender.join();
    }

    @Test
    void usersWaitForARemoteThatIsAwayAndAreServedInOrder() throws Exception {
        Target target = new Target(connection -> {
            int first = connection.getInputStream().read();
            connection.getOutputStream().write(first);
            connection.getInputStream().transferTo(connection.getOutputStream());
        });
        open.add(target);
        startServer(NONE.withHold(LONG), remote(port(target)));
        PlainSocket first = user("127.0.0.2");
        await().until(() -> server.role().heldUsers() == 1);
        PlainSocket second = user("127.0.0.2");
        first.send((byte) 'a');
        second.send((byte) 'b');
        await().until(() -> server.role().heldUsers() == 2);

        PlainSocket third = user("127.0.0.2"); // too many users wait
        isRefused(third, "remote_away");
        assertThat(server.role().heldRefused()).isEqualTo(1);

        startClient();
        first.awaitReceived(1);
        second.awaitReceived(1);
        assertThat(server.role().heldUsers()).isZero();
    }

    @Test
    void whoWaitsForTooLongIsRefused() throws Exception {
        startServer(
                NONE.withHold(LONG),
                remote(port(echo()).withLimits(NONE.withHold(Optional.of(Duration.ofMillis(200))))));
        isRefused(user("127.0.0.2"), "remote_away");
        assertThat(server.role().heldUsers()).isZero();
    }

    @Test
    void whoLeavesWhileItWaitsIsForgotten() throws Exception {
        startServer(NONE.withHold(LONG).withConnections(1, 0), remote(port(echo())));
        PlainSocket user = user("127.0.0.2");
        await().until(() -> server.role().heldUsers() == 1);
        user.close();
        await().until(() -> server.role().heldUsers() == 0);
        user("127.0.0.2");
        await().until(() -> server.role().heldUsers() == 1); // its connection does not count any more
    }

    @Test
    void nobodyWaitsForARemoteThatIsSwitchedOffOrRemoved() throws Exception {
        RemoteSettings remote = remote(port(echo()));
        startServer(NONE.withHold(LONG), remote);
        PlainSocket user = user("127.0.0.2");
        await().until(() -> server.role().heldUsers() == 1);
        server.change(
                List.of(new RemoteSettings("r", false, speech.tokens(), remote.ports())), Duration.ZERO, () -> {});
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> server.role().heldUsers() == 0);
    }

    @Test
    void sessionsOfDatagramsCountAtTheLevelsAbove() throws Exception {
        if (speech == Speech.CLASSIC) {
            return; // it carries no datagrams
        }
        PortSettings udp = TestSettings.udp(TestSettings.anyPort(), 9, UdpSettings.DEFAULT);
        start(remote(udp.withLimits(NONE.withOpens(0, 0))).withLimits(NONE.withConnections(1, 0)));
        InetSocketAddress address = server.exposed(0);
        try (var one = DatagramChannel.open();
                var other = DatagramChannel.open()) {
            one.send(ByteBuffer.wrap(new byte[] {1}), address);
            await().until(() -> server.role().remotes().get(0).streams().opened() == 1);
            other.send(ByteBuffer.wrap(new byte[] {1}), address);
            await().untilAsserted(
                            () -> assertThat(refused(0, "limit_connections")).isEqualTo(1));
        }
    }
}
