package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.ProxyHeader;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.StrictProxyHeader;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UdpTarget;
import io.portproxy.testing.UdpTarget.User;
import io.portproxy.usage.Quota;
import io.portproxy.usage.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests ports of type udp with both roles and real sockets. */
class DatagramsTest {
    private static final byte[] PING = Bytes.of("ping");

    /** The type of a field of the PROXY protocol. */
    private static final int UNIQUE_ID = 5;

    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerUnderTest server;
    private ClientUnderTest client;

    @AfterEach
    void close() throws Exception {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        for (AutoCloseable each : open) { // last: a sender whose thread is held up would keep its socket
            each.close();
        }
    }

    private <T extends AutoCloseable> T closing(T fresh) {
        open.add(fresh);
        return fresh;
    }

    private void start(PortSettings... ports) throws Exception {
        startServer(ports);
        startClient();
    }

    private void startServer(PortSettings... ports) throws Exception {
        server = new ServerUnderTest(TestSettings.server(new RemoteSettings("r", List.of(), List.of(ports))));
    }

    private void startClient() throws Exception {
        client = new ClientUnderTest(TestSettings.client("r", server.tunnelAddress(), Dialect.EXTENDED, Token.NONE));
        client.awaitConnected(server);
    }

    private static PortSettings udp(int target) {
        return udp(target, UdpSettings.DEFAULT);
    }

    private static PortSettings udp(int target, UdpSettings limits) {
        return TestSettings.udp(TestSettings.anyPort(), target, limits);
    }

    private PortView port() {
        return server.role().remotes().get(0).ports().get(0);
    }

    private long dropped(String why) {
        return port().datagrams().dropped().getOrDefault(why, 0L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1472, 9000, 65_507})
    void aDatagramComesBackWhole(int size) throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        User user = closing(new User(server.exposed(0)));
        byte[] data = Bytes.random(size, size);
        assertThat(user.ask(data)).isEqualTo(data);
        assertThat(port().type()).isEqualTo("udp");
        assertThat(port().bind()).isEqualTo("127.0.0.1:" + server.exposed(0).getPort() + "-udp");
        assertThat(port().streams().live()).isEqualTo(1);
    }

    /** The answer to a datagram may come before the sender continues. */
    @Test
    void emptyDatagramsAreAllAnsweredToOneSender() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        User user = closing(new User(server.exposed(0)));
        assertThat(user.ask(Bytes.of("ready"))).isEqualTo(Bytes.of("ready"));
        user.drain();
        for (int i = 0; i < 2_000; i++) {
            byte[] data = Bytes.random(i, i % 4 == 3 ? 20 : 0);
            user.send(data);
            assertThat(user.next()).as("answer %d", i).isEqualTo(data);
        }
        assertThat(target.senders()).isOne();
    }

    /** The target echoes what it got, so the answer shows it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1472, 60_000})
    void aTargetLearnsAheadOfEachDatagramWhoTheUserIs(int size) throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()).withProxyProtocol(Optional.of(ProxyHeader.Version.V2)));
        for (String address : List.of("127.0.0.3", "127.0.0.4")) {
            User user = closing(new User(address, server.exposed(0)));
            for (int i = 0; i < 2; i++) {
                byte[] data = Bytes.random(i, size);
                ByteArrayInputStream got = new ByteArrayInputStream(user.ask(data));
                StrictProxyHeader header = StrictProxyHeader.read(got);
                assertThat(header.version()).isEqualTo(2);
                assertThat(header.datagrams()).isTrue();
                assertThat(header.user()).isEqualTo(user.address());
                assertThat(header.exposed()).isEqualTo(server.exposed(0));
                assertThat(header.fields().get(UNIQUE_ID)).matches("[0-9a-f]{12}");
                assertThat(got.readAllBytes()).isEqualTo(data);
            }
        }
    }

    @Test
    void aDatagramForWhichTheHeaderLeavesNoRoomIsDropped() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()).withProxyProtocol(Optional.of(ProxyHeader.Version.V2)));
        User user = closing(new User(server.exposed(0)));
        user.ask(PING);
        user.send(new byte[65_507]);
        await().until(
                        () -> client.role().view().datagrams().dropped().getOrDefault("too_long", 0L),
                        dropped -> dropped == 1);
        user.ask(PING);
    }

    /** Its Hello does not have the feature's bit. */
    @Test
    void aRemoteThatCannotWriteAHeaderGetsNoDatagrams() throws Exception {
        startServer(udp(1).withProxyProtocol(Optional.of(ProxyHeader.Version.V2)));
        try (TestRemote older = TestRemote.greetedForDatagrams(server.tunnelAddress(), "r")) {
            await().until(server::connected);
            closing(new User(server.exposed(0))).send(PING);
            await().until(() -> dropped("refused") == 1);
            assertThat(port().refused()).containsOnly(Map.entry("proxy_protocol", 1L));
            assertThat(older.peer().hasNext()).isFalse();
        }
    }

    @Test
    void eachUserIsASenderOfItsOwnAndGetsItsOwnAnswersInOrder() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        ExecutorService users = Executors.newCachedThreadPool();
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int id = i;
            results.add(users.submit(() -> echoes(id, 20_000)));
        }
        for (Future<Integer> result : results) {
            assertThat(result.get(60, TimeUnit.SECONDS)).as("answered").isEqualTo(20_000);
        }
        users.shutdown();
        assertThat(target.senders()).isEqualTo(4);
        assertThat(port().datagrams().in()).isGreaterThanOrEqualTo(80_000);
        // the user may have an answer before it is counted
        await().untilAsserted(() -> assertThat(port().datagrams().out()).isGreaterThanOrEqualTo(80_000));
    }

    /** Sends one datagram after another, so that none is lost for lack of room. Returns the number of answers. */
    private int echoes(int id, int count) throws Exception {
        int answered = 0;
        try (User user = new User(server.exposed(0))) {
            for (int i = 0; i < count; i++) {
                ByteBuffer data = ByteBuffer.allocate(64).putInt(id).putInt(i);
                byte[] answer = user.ask(data.array());
                assertThat(ByteBuffer.wrap(answer).getInt()).as("whose").isEqualTo(id);
                while (ByteBuffer.wrap(answer).getInt(4) < i) {
                    answer = user.ask(data.array()); // the answer belonged to a datagram that was sent twice
                }
                answered++;
            }
        }
        return answered;
    }

    @Test
    void emptyDatagramsHarmNoOthers() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        User empty = closing(new User(server.exposed(0)));
        empty.ask(new byte[0]);
        User other = closing(new User(server.exposed(0)));
        for (int i = 0; i < 300; i++) {
            byte[] data = Bytes.random(i, 1 + i * 4);
            empty.send(new byte[0]);
            empty.send(data);
            assertThat(other.ask(data)).isEqualTo(data);
        }
    }

    @Test
    void aSessionThatIsIdleEndsAtBothSides() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port(), new UdpSettings(Duration.ofMillis(100), 10, 10, 0)));
        User user = closing(new User(server.exposed(0)));
        user.ask(PING);
        await().until(() ->
                port().streams().live() == 0 && client.role().view().streams().live() == 0);
        assertThat(port().streams().closed()).containsKey("idle_timeout");
        user.ask(PING);
        assertThat(target.senders()).isGreaterThanOrEqualTo(2); // more if answers took longer than sessions last
    }

    @Test
    void aPortMayHaveTheNumberOfOneForConnections() throws Exception {
        UdpTarget datagrams = closing(UdpTarget.echo());
        Target echo = closing(Target.echo());
        startServer(TestSettings.tcp(TestSettings.anyPort(), echo.port()));
        InetSocketAddress both = server.exposed(0);
        server.change(
                List.of(new RemoteSettings(
                        "r",
                        List.of(),
                        List.of(
                                TestSettings.tcp(both, echo.port()),
                                TestSettings.udp(both, datagrams.port(), UdpSettings.DEFAULT)))),
                Duration.ZERO,
                () -> {});
        startClient();
        assertThat(closing(new User(both)).ask(PING)).isEqualTo(PING);
        PlainSocket user = closing(PlainSocket.connect(both));
        user.send(PING);
        assertThat(user.awaitReceived(PING.length)).isEqualTo(PING);
    }

    @Test
    void oneUserAndOneNetworkHaveSoManySessionsAndOthersAreServed() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port(), new UdpSettings(Duration.ofMinutes(1), 100, 2, 0)));
        for (int i = 0; i < 2; i++) {
            closing(new User("127.0.9.1", server.exposed(0))).ask(PING);
        }
        User third = closing(new User("127.0.9.1", server.exposed(0)));
        third.send(PING);
        assertThat(third.next()).isNull();
        for (int i = 2; i < 5; i++) {
            for (int n = 0; n < 2; n++) {
                closing(new User("127.0.9." + i, server.exposed(0))).ask(PING);
            }
        }
        User ninth = closing(new User("127.0.9.200", server.exposed(0)));
        ninth.send(PING);
        assertThat(ninth.next()).isNull();
        assertThat(dropped("too_many_sessions")).isEqualTo(2);
        assertThat(closing(new User("127.0.10.1", server.exposed(0))).ask(PING)).isEqualTo(PING);
    }

    @Test
    void whereAllSessionsAreTakenThoseThatMayBeForgedGiveWay() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port(), new UdpSettings(Duration.ofMinutes(1), 3, 3, 0)));
        User real = closing(new User(server.exposed(0)));
        real.ask(PING);
        real.ask(PING); // after an answer
        for (int i = 0; i < 2; i++) {
            closing(new User("127.0.9.1", server.exposed(0))).send(PING);
        }
        User late = closing(new User("127.0.8.1", server.exposed(0)));
        assertThat(late.ask(PING)).isEqualTo(PING);
        assertThat(real.ask(PING)).isEqualTo(PING);
        assertThat(target.senders()).isLessThanOrEqualTo(4);
        assertThat(port().streams().live()).isEqualTo(3);
        assertThat(port().datagrams().replacedSessions()).isEqualTo(1);
    }

    /** A forged sender gets no answers. But a second datagram a little later looks like a reaction to an answer. */
    @Test
    void aForgerWhoSendsTwiceFromEachAddressKeepsNobodyOut() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        int most = 40;
        start(udp(target.port(), new UdpSettings(Duration.ofMinutes(1), most, 4, 0)));
        User busy = closing(new User("127.0.7.1", server.exposed(0)));
        for (int i = 0; i < 40; i++) {
            assertThat(busy.ask(PING)).isEqualTo(PING);
        }
        List<User> forged = new ArrayList<>();
        for (int i = 1; i < most; i++) {
            User one = closing(new User("127.1." + i + ".1", server.exposed(0)));
            forged.add(one);
            one.ask(PING);
            one.ask(PING);
        }
        assertThat(port().streams().live()).isEqualTo(most);

        for (int i = 1; i <= most / 2; i++) {
            assertThat(closing(new User("127.2." + i + ".1", server.exposed(0))).ask(PING))
                    .isEqualTo(PING);
        }

        assertThat(port().datagrams().replacedSessions()).isGreaterThanOrEqualTo(most / 2);
        assertThat(port().streams().live()).isLessThanOrEqualTo(most);
        long opened = port().streams().opened();
        assertThat(busy.ask(PING)).isEqualTo(PING);
        assertThat(port().streams().opened()).isEqualTo(opened); // the user still has its session
        assertThat(forged).hasSize(most - 1);
    }

    @Test
    void usersInEarnestAreNotEndedForNewcomers() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port(), new UdpSettings(Duration.ofMinutes(1), 2, 2, 0)));
        for (int i = 1; i <= 2; i++) {
            User busy = closing(new User("127.0.7." + i, server.exposed(0)));
            for (int n = 0; n < 40; n++) {
                assertThat(busy.ask(PING)).isEqualTo(PING);
            }
        }
        User late = closing(new User("127.0.8.1", server.exposed(0)));
        await().pollDelay(Duration.ofSeconds(2)).until(() -> {
            late.send(PING);
            return dropped("too_many_sessions") > 0;
        });
        assertThat(late.next()).isNull();
        assertThat(port().datagrams().replacedSessions()).isZero();
    }

    @Test
    void aTargetThatIsNotThereCountsAndTheSessionStays() throws Exception {
        int free;
        try (UdpTarget gone = UdpTarget.echo()) {
            free = gone.port();
        }
        start(udp(free));
        User user = closing(new User(server.exposed(0)));
        await().until(() -> {
            user.send(PING);
            return client.role().view().datagrams().dropped().getOrDefault("unreachable", 0L) > 0;
        });
        closing(UdpTarget.echo(free));
        assertThat(user.ask(PING)).isEqualTo(PING);
        assertThat(port().streams().opened()).isEqualTo(1);
    }

    @Test
    void aTargetAnswersSoManyBytesForEachOfTheUser() throws Exception {
        UdpTarget target = closing(UdpTarget.chatty(10));
        start(udp(target.port(), new UdpSettings(Duration.ofMinutes(1), 10, 10, 3)));
        User user = closing(new User(server.exposed(0)));
        user.send(PING);
        await().until(() -> dropped("reply_limit") == 7);
        await().untilAsserted(() -> assertThat(port().datagrams().out()).isEqualTo(3));
    }

    @Test
    void withoutARemoteDatagramsAreDroppedAndLaterOnesAreCarried() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        startServer(udp(target.port()));
        User user = closing(new User(server.exposed(0)));
        user.send(PING);
        await().until(() -> dropped("refused") == 1);
        assertThat(port().refused()).containsEntry("remote_away", 1L);
        startClient();
        assertThat(user.ask(PING)).isEqualTo(PING);
    }

    @Test
    void aRemoteThatSpeaksTheClassicDialectGetsNone() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        startServer(udp(target.port()));
        client = new ClientUnderTest(TestSettings.client("r", server.tunnelAddress()));
        client.awaitConnected(server);
        User user = closing(new User(server.exposed(0)));
        user.send(PING);
        await().until(() -> dropped("refused") == 1);
        assertThat(port().refused()).containsEntry("dialect", 1L);
        assertThat(port().refusing()).isPresent();
    }

    @Test
    void aLostTunnelEndsSessionsAndTheNextDatagramBeginsAnother() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        User user = closing(new User(server.exposed(0)));
        user.ask(PING);
        client.close();
        await().until(() -> port().streams().live() == 0);
        startClient();
        assertThat(user.ask(PING)).isEqualTo(PING);
    }

    @Test
    void aPortThatLeadsElsewhereSendsTheNextDatagramThere() throws Exception {
        UdpTarget before = closing(UdpTarget.echo());
        UdpTarget after = closing(UdpTarget.echo());
        start(udp(before.port()));
        User user = closing(new User(server.exposed(0)));
        user.ask(PING);
        server.change(
                List.of(new RemoteSettings("r", List.of(), List.of(udp(after.port())))),
                Duration.ofSeconds(30),
                () -> {});
        user.ask(PING);
        assertThat(after.senders()).isEqualTo(1);
        await().until(() -> port().streams().live() == 1);
    }

    /** For the target, it is still the same user. */
    @Test
    void otherLimitsOfAPortEndNoSession() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        User user = closing(new User(server.exposed(0)));
        user.ask(PING);
        PortSettings fewer = udp(target.port(), new UdpSettings(Duration.ofMinutes(1), 10, 5, 0));
        List<PortSettings> changes = List.of(
                fewer,
                fewer.withQuota(Optional.of(new Quota(1 << 20, Span.DAY))),
                udp(target.port(), new UdpSettings(Duration.ofMinutes(3), 20, 5, 10)));
        for (PortSettings change : changes) {
            change(change);
            assertThat(user.ask(PING)).isEqualTo(PING);
        }
        assertThat(target.senders()).isEqualTo(1);
        assertThat(port().streams().opened()).isEqualTo(1);
        assertThat(port().streams().live()).isEqualTo(1);

        change(udp(target.port(), new UdpSettings(Duration.ofMillis(100), 20, 5, 10))); // applies to the session, too
        await().until(() -> port().streams().live() == 0);
    }

    @Test
    void aPortThatIsDisabledTakesNoDatagramsOfASessionThatItHas() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        User user = closing(new User(server.exposed(0)));
        user.ask(PING);
        change(new PortSettings(TestSettings.anyPort(), false, Optional.empty(), target.port(), Optional.empty())
                .withUdp(UdpSettings.DEFAULT));
        user.send(PING);
        await().until(() -> dropped("refused") == 1);
        assertThat(port().refused()).containsEntry("disabled", 1L);
        await().until(() -> port().streams().live() == 0);
    }

    private void change(PortSettings port) throws Exception {
        server.change(List.of(new RemoteSettings("r", List.of(), List.of(port))), Duration.ofSeconds(30), () -> {});
    }

    @Test
    void aRemovedPortEndsItsSessionsAtOnce() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        User user = closing(new User(server.exposed(0)));
        user.ask(PING);
        server.change(List.of(new RemoteSettings("r", List.of(), List.of())), Duration.ofSeconds(30), () -> {});
        await().until(() -> client.role().view().streams().live() == 0);
    }

    @Test
    void sessionsDoNotHoldUpTheEndOfATunnel() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        start(udp(target.port()));
        closing(new User(server.exposed(0))).ask(PING);
        assertThat(client.stop(Duration.ofMinutes(5))).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aReaderThatHasStoppedHoldsUpNoDatagram() throws Exception {
        UdpTarget target = closing(UdpTarget.echo());
        RawTarget source = closing(RawTarget.open());
        start(udp(target.port()), TestSettings.tcp(TestSettings.anyPort(), source.port()));
        closing(PlainSocket.connectSlowReader(server.exposed(1)));
        PlainSocket sender = source.accept();
        Thread flood = new Thread(() -> {
            try {
                sender.send(Bytes.random(1, 32 << 20));
            } catch (IOException e) {
                // The test is over.
            }
        });
        flood.setDaemon(true);
        flood.start();
        await().until(() ->
                server.role().remotes().get(0).ports().get(1).streams().bytesOut() > 100_000);
        User user = closing(new User(server.exposed(0)));
        for (int i = 0; i < 1000; i++) {
            user.send(PING);
            assertThat(user.next()).as("answer " + i).isEqualTo(PING);
        }
    }
}
