package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ClientSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.OnDuplicate;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Relay;
import io.portproxy.testing.Relay.Cut;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests a remote with several tunnels, and several remotes with one name. */
class ExtendedSeveralTunnelsTest {
    private static final int TUNNELS = 3;

    private final Target echo = Target.echo();
    private final List<PlainSocket> users = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (PlainSocket user : users) {
            user.close();
        }
        echo.close();
    }

    private ClientSettings client(Relay relay, int tunnels) {
        return ExtendedSettings.client("r", relay.address()).withTunnels(tunnels);
    }

    private PlainSocket user(ServerUnderTest server) throws IOException {
        PlainSocket user = PlainSocket.connect(server.exposed(0));
        users.add(user);
        return user;
    }

    private static void assertEchoes(PlainSocket user) throws Exception {
        int before = user.size();
        user.send(Bytes.of("ping"));
        user.awaitReceived(before + 4);
    }

    private static long alive(List<PlainSocket> users) {
        return users.stream().filter(user -> user.end().isEmpty()).count();
    }

    /** Waits until all the remote's tunnels carry streams: the relay's count of bytes grows for each. */
    private void awaitAllInUse(ServerUnderTest server, Relay relay, int tunnels) {
        await().until(() -> {
            long[] before = carried(relay, tunnels);
            List<PlainSocket> some = new ArrayList<>();
            for (int i = 0; i < tunnels; i++) {
                PlainSocket user = PlainSocket.connect(server.exposed(0));
                user.send(new byte[5000]);
                user.awaitReceived(5000);
                some.add(user);
            }
            long[] after = carried(relay, tunnels);
            for (PlainSocket user : some) {
                user.close();
            }
            boolean all = true;
            for (int i = 0; i < tunnels; i++) {
                all &= after[i] - before[i] >= 10_000;
            }
            return all;
        });
    }

    private static long[] carried(Relay relay, int tunnels) {
        long[] carried = new long[tunnels];
        for (int i = 0; i < tunnels; i++) {
            carried[i] = relay.carried(i);
        }
        return carried;
    }

    @Test
    void streamsSpreadOverTheTunnelsAndALostOneResetsOnlyItsOwn() throws Exception {
        try (ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", echo.port())));
                Relay relay = new Relay(server.tunnelAddress());
                ClientUnderTest client = new ClientUnderTest(client(relay, TUNNELS))) {
            client.awaitConnected(server);
            assertThat(relay.tunnels()).isEqualTo(TUNNELS);
            awaitAllInUse(server, relay, TUNNELS);
            for (int i = 0; i < 30; i++) {
                assertEchoes(user(server));
            }
            relay.cut(1, Cut.RST);
            await().until(() -> alive(users) < 30);
            await().until(() -> relay.tunnels() == TUNNELS + 1 && client.connected());
            List<PlainSocket> left =
                    users.stream().filter(user -> user.end().isEmpty()).toList();
            assertThat(left).hasSizeBetween(15, 25);
            for (PlainSocket user : left) {
                assertEchoes(user);
            }
            for (PlainSocket user : users) {
                assertThat(left.contains(user) || user.awaitEnd() == End.RESET).isTrue();
            }
            assertEchoes(user(server));
        }
    }

    @Test
    void usersAreServedWhileOneTunnelOfSeveralIsLeft() throws Exception {
        try (ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", echo.port())));
                Relay relay = new Relay(server.tunnelAddress());
                ClientUnderTest client = new ClientUnderTest(client(relay, 2))) {
            client.awaitConnected(server);
            awaitAllInUse(server, relay, 2);
            for (int i = 0; i < 10; i++) {
                assertEchoes(user(server));
            }
            relay.cut(0, Cut.FIN);
            await().until(() ->
                    alive(users) <= 7); // streams that were still ending when these opened count for a tunnel's load
            await().until(() -> relay.tunnels() == 3 && client.connected());
            List<PlainSocket> left =
                    users.stream().filter(user -> user.end().isEmpty()).toList();
            assertThat(left).hasSizeBetween(3, 7);
            for (PlainSocket user : left) {
                assertEchoes(user);
            }
            assertEchoes(user(server));
        }
    }

    @Test
    void twoRemotesShareANameAndOneThatStopsHarmsOnlyItsOwnStreams() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", echo.port()))
                        .withOnDuplicate(OnDuplicate.BALANCE));
                ClientUnderTest stays = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()))) {
            await().until(stays::connected);
            try (ClientUnderTest leaves = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()))) {
                await().until(leaves::connected);
                for (int i = 0; i < 10; i++) {
                    assertEchoes(user(server));
                }
                assertThat(leaves.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
                await().until(() -> alive(users) == 5);
            }
            for (PlainSocket user : users) {
                if (user.end().isEmpty()) {
                    assertEchoes(user);
                } else {
                    assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                }
            }
            for (int i = 0; i < 4; i++) {
                assertEchoes(user(server));
            }
        }
    }

    @Test
    void aRemoteIsRefusedWhileAnotherHasItsNameAndComesInWhenThatStops() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", echo.port()))
                        .withOnDuplicate(OnDuplicate.REFUSE));
                LogRecorder log = new LogRecorder();
                ClientUnderTest first = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()))) {
            await().until(first::connected);
            PlainSocket user = user(server);
            assertEchoes(user);
            try (ClientUnderTest second = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()))) {
                await().until(() -> !log.linesWith("the server refuses").isEmpty());
                assertThat(second.connected()).isFalse();
                assertEchoes(user);
                assertThat(first.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
                await().until(second::connected);
                assertEchoes(user(server));
            }
        }
    }

    @Test
    void theTunnelsOfOneRemoteAreNoDuplicatesOfEachOther() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", echo.port()))
                        .withOnDuplicate(OnDuplicate.REFUSE));
                Relay relay = new Relay(server.tunnelAddress());
                ClientUnderTest client = new ClientUnderTest(client(relay, 16))) {
            client.awaitConnected(server);
            awaitAllInUse(server, relay, 16);
            assertThat(relay.tunnels()).isEqualTo(16);
        }
    }

    @Test
    void aNameThatTwoRemotesWantChangesHandsAsAWhole() throws Exception {
        try (ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", echo.port())));
                Relay first = new Relay(server.tunnelAddress());
                Relay second = new Relay(server.tunnelAddress());
                ClientUnderTest one = new ClientUnderTest(client(first, TUNNELS))) {
            await().until(one::connected);
            try (LogRecorder log = new LogRecorder();
                    ClientUnderTest other = new ClientUnderTest(client(second, TUNNELS))) {
                // Each takes the name from the other, until they quarrel. Then one of them keeps it for a while.
                await().until(() -> log.linesWith("took the name over").size() >= 2);
                await().until(() -> one.connected() || other.connected());
            }
            await().until(one::connected);
            assertEchoes(user(server));
        }
    }

    private static int index(TestPeer peer) throws Exception {
        return peer.next(0x0010).int16(2 + 4 + 16);
    }

    @Test
    void onlyTheFirstTunnelIsDialledUntilItIsUp() throws Exception {
        try (TestServer server = new TestServer(Dialect.EXTENDED);
                ClientUnderTest client = new ClientUnderTest(
                        ExtendedSettings.client("r", server.address()).withTunnels(TUNNELS))) {
            for (int i = 0; i < TUNNELS + 1; i++) {
                try (TestPeer peer = server.accept()) {
                    assertThat(index(peer)).isZero();
                }
            }
            server.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
            assertThat(List.of(index(server.accept()), index(server.accept()))).containsExactlyInAnyOrder(1, 2);
            assertThat(client.connected()).isFalse();
        }
    }
}
