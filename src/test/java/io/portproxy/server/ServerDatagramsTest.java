package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.server.exposed.UdpSettings;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.UdpTarget.User;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests a port of type udp at the server. The test plays the remote. */
class ServerDatagramsTest {
    private static final byte[] PING = Bytes.of("ping");

    private ServerUnderTest server;
    private User user;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(
                new RemoteSettings(
                        "r",
                        List.of(),
                        List.of(TestSettings.udp(
                                TestSettings.anyPort(), 53, new UdpSettings(Duration.ofMinutes(1), 10, 10, 0)))),
                TestSettings.remote("other", 22)));
        user = new User(server.exposed(0));
    }

    @AfterEach
    void stop() {
        user.close();
        server.close();
    }

    private long open(TestRemote remote) throws Exception {
        await().until(() -> {
            user.send(PING);
            return remote.peer().hasNext();
        });
        Instruction opening = remote.peer().nextOpening();
        assertThat(new String(opening.body(), StandardCharsets.ISO_8859_1)).contains("\0\4\0\3udp");
        return opening.identity();
    }

    @Test
    void anOpenAndTheFirstDatagramComeTogetherAndAnAnswerGoesBack() throws Exception {
        try (TestRemote remote = TestRemote.greetedForDatagrams(server.tunnelAddress(), "r")) {
            long identity = open(remote);
            assertThat(remote.peer().next(0x0022)).isEqualTo(Instruction.datagram(identity, PING));
            remote.peer().send(Instruction.opened(identity), Instruction.datagram(identity, (byte) 7));
            assertThat(user.next()).containsExactly(7);
        }
    }

    @Test
    void aResetEndsTheSessionAndTheNextDatagramBeginsAnother() throws Exception {
        try (TestRemote remote = TestRemote.greetedForDatagrams(server.tunnelAddress(), "r")) {
            long first = open(remote);
            remote.peer().send(Instruction.reset(first, 2));
            await().until(() ->
                    server.role().remotes().get(0).ports().get(0).streams().live() == 0);
            user.send(PING);
            assertThat(remote.peer().nextOf(0x0015).identity()).isNotEqualTo(first);
        }
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                row("bytes", identity -> Instruction.data(identity, PING)),
                row("an End", Instruction::end),
                row("too long a datagram", identity -> Instruction.claiming(0x0022, 65_514)));
    }

    private static Arguments row(String what, LongFunction<Instruction> instruction) {
        return Arguments.of(what, instruction);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wrong(String what, LongFunction<Instruction> instruction) throws Exception {
        try (TestRemote remote = TestRemote.greetedForDatagrams(server.tunnelAddress(), "r");
                TestRemote other = TestRemote.greeted(Dialect.EXTENDED, server.tunnelAddress(), "other")) {
            long identity = open(remote);
            remote.peer().send(Instruction.opened(identity), instruction.apply(identity));
            assertThat(remote.peer().socket().awaitEnd()).isNotNull();
            other.open(server.exposed(1));
        }
    }

    @Test
    void aDatagramInATunnelWithoutThemCostsTheTunnel() throws Exception {
        try (TestRemote remote = TestRemote.greeted(Dialect.EXTENDED, server.tunnelAddress(), "other")) {
            remote.peer().send(Instruction.datagram(1, PING));
            assertThat(remote.peer().socket().awaitEnd()).isNotNull();
        }
    }

    @Test
    void aRemoteOfAVersionWithoutDatagramsIsSeenAtThePort() throws Exception {
        try (TestRemote remote = TestRemote.greeted(Dialect.EXTENDED, server.tunnelAddress(), "r")) {
            await().until(() -> server.role().remotes().get(0).tunnels().size() == 1);
            assertThat(server.role().remotes().get(0).ports().get(0).refusing()).contains(PortRefusal.DIALECT);
            user.send(PING);
            await().untilAsserted(() -> assertThat(
                            server.role().remotes().get(0).ports().get(0).refused())
                    .containsEntry("dialect", 1L));
            assertThat(remote.peer().hasNext()).isFalse();
        }
    }

    @Test
    void aWindowForDatagramsSaysNothing() throws Exception {
        try (TestRemote remote = TestRemote.greetedForDatagrams(server.tunnelAddress(), "r")) {
            long identity = open(remote);
            remote.peer()
                    .send(
                            Instruction.opened(identity),
                            Instruction.window(identity, 4711, 1),
                            Instruction.datagram(identity, (byte) 7));
            assertThat(user.next()).containsExactly(7);
        }
    }

    @Test
    void datagramsForAnUnknownStreamAreSkipped() throws Exception {
        try (TestRemote remote = TestRemote.greetedForDatagrams(server.tunnelAddress(), "r")) {
            remote.peer().send(Instruction.datagram(4711, PING));
            long identity = open(remote);
            remote.peer().send(Instruction.datagram(identity, (byte) 7));
            assertThat(user.next()).containsExactly(7);
        }
    }
}
