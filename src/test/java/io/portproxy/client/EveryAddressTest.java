package io.portproxy.client;

import static io.portproxy.testing.Instruction.closeConnection;
import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.initialConnection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the tunnels to each address of the server's name while addresses come and go. */
class EveryAddressTest {
    private static final ConnectTo ALL = new ConnectTo(true, Duration.ofMillis(50), Duration.ofSeconds(60));

    private final Names names = new Names("127.0.0.1", "127.0.0.2");
    private TestServer first;
    private TestServer second;
    private RawTarget target;
    private ClientUnderTest client;

    @BeforeEach
    void start() throws Exception {
        first = new TestServer(Dialect.CLASSIC);
        second = new TestServer(Dialect.CLASSIC, "127.0.0.2", first.address().getPort());
        target = RawTarget.open();
        client = names.client(settings());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        target.close();
        second.close();
        first.close();
    }

    private ClientSettings settings() {
        return TestSettings.client(
                        "r",
                        InetSocketAddress.createUnresolved(
                                "proxy.test", first.address().getPort()))
                .withConnectTo(ALL)
                .withTimes(TestSettings.TIMES.withBackoff(Duration.ofMillis(50)));
    }

    private String at(String host) {
        return host + ":" + first.address().getPort();
    }

    private List<String> servers() {
        return client.role().view().servers().stream()
                .map(ClientView.Server::address)
                .toList();
    }

    private List<String> tunnels() {
        return client.role().view().tunnels().stream()
                .map(tunnel -> tunnel.view().address())
                .toList();
    }

    @Test
    void eachHasATunnelAndStreamsOfItsOwn() throws Exception {
        TestPeer one = first.acceptGreeted("r");
        TestPeer two = second.acceptGreeted("r");
        await().until(client::connected);
        assertThat(tunnels()).containsExactlyInAnyOrder(at("127.0.0.1"), at("127.0.0.2"));
        assertThat(servers()).containsExactly(at("127.0.0.1"), at("127.0.0.2"));
        for (TestPeer peer : List.of(one, two)) {
            peer.send(initialConnection(1, target.port()), data(1, Bytes.of("ask")));
            PlainSocket served = target.accept();
            assertThat(served.awaitReceived(3)).isEqualTo(Bytes.of("ask"));
            served.close();
            assertThat(peer.next()).isEqualTo(closeConnection(1));
        }
        assertThat(client.role().view().streams().opened()).isEqualTo(2);
    }

    @Test
    void oneThatIsAwayHoldsTheOthersUpInNothing() throws Exception {
        first.acceptGreeted("r");
        second.acceptGreeted("r");
        await().until(client::connected);
        second.close();
        await().until(() -> tunnels().equals(List.of(at("127.0.0.1"))));
        assertThat(client.connected()).isFalse();
        await().until(() ->
                client.role().view().servers().get(1).trouble().orElse("").contains("refused"));
        assertThat(client.role().view().servers().get(0))
                .isEqualTo(new ClientView.Server(at("127.0.0.1"), 1, 1, Optional.empty()));
        second = new TestServer(Dialect.CLASSIC, "127.0.0.2", first.address().getPort());
        second.acceptGreeted("r");
        await().until(client::connected);
    }

    @Test
    void aNewAddressIsDialled() throws Exception {
        try (TestServer third =
                new TestServer(Dialect.CLASSIC, "127.0.0.3", first.address().getPort())) {
            first.acceptGreeted("r");
            names.mean("127.0.0.3", "127.0.0.1", "127.0.0.2");
            third.acceptGreeted("r");
            await().until(() -> client.role().view().wanted() == 3 && client.connected());
            names.mean("127.0.0.1", "127.0.0.2");
            await().until(() -> tunnels().size() == 2);
        }
    }

    @Test
    void anAddressThatIsGoneLosesItsTunnelWhenItsStreamsHaveEnded() throws Exception {
        first.acceptGreeted("r");
        TestPeer leaving = second.acceptGreeted("r");
        leaving.send(initialConnection(7, target.port()));
        PlainSocket served = target.accept();

        names.mean("127.0.0.1");
        await().until(() -> servers().equals(List.of(at("127.0.0.1"))));
        assertThat(tunnels()).contains(at("127.0.0.2"));
        served.send(Bytes.of("the rest"));
        assertThat(leaving.nextData(7, 8)).isEqualTo(Bytes.of("the rest"));

        names.mean("127.0.0.1", "127.0.0.2"); // the address is back before its tunnel has ended
        served.close();
        assertThat(leaving.next()).isEqualTo(closeConnection(7));
        assertThat(leaving.socket().awaitEnd()).isEqualTo(End.CLEAN);
        second.acceptGreeted("r");
        await().until(client::connected);
        assertThat(client.role().view().streams().opened())
                .as("nothing is forgotten")
                .isEqualTo(1);
    }

    @Test
    void aNameThatDoesNotResolveChangesNothing() throws Exception {
        try (LogRecorder log = new LogRecorder()) {
            TestPeer one = first.acceptGreeted("r");
            second.acceptGreeted("r");
            await().until(client::connected);
            names.mean();
            await().until(() -> client.role().view().failures() > 2);
            assertThat(client.connected()).isTrue();
            assertThat(one.socket().end()).isEmpty();
            assertThat(log.linesWith("the addresses of proxy.test"))
                    .filteredOn(line -> line.contains("WARN"))
                    .hasSize(1);
        }
    }

    @Test
    void ofIpv4AndIpv6ThatWhichComesFirstIsDialled() throws Exception {
        first.acceptGreeted("r");
        names.mean("127.0.0.1", "::1", "127.0.0.2");
        second.acceptGreeted("r");
        await().until(client::connected);
        assertThat(servers()).containsExactly(at("127.0.0.1"), at("127.0.0.2"));
    }

    @Test
    void ofTooManyAddressesSomeAreLeftOutAndCounted() throws Exception {
        first.acceptGreeted("r");
        String[] many = IntStream.rangeClosed(1, Uplinks.MAX + 3)
                .mapToObj(i -> "127.0.1." + i)
                .toArray(String[]::new);
        names.mean(many);
        await().until(() -> client.role().view().skipped() == 3);
        assertThat(servers()).hasSize(Uplinks.MAX);
        names.mean("127.0.0.1");
        await().until(() -> client.role().view().skipped() == 0);
    }
}
