package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.HandMadeProof;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests malicious greetings. Each of them ends only its own connection. */
class ExtendedGreetingAttacksTest {
    private static final String TOKEN = ExtendedSettings.TOKEN;

    private static ServerSettings settings() {
        return TestSettings.server(ExtendedSettings.remote("r", 7));
    }

    private static void assertTakesRemotes(ServerUnderTest server) throws Exception {
        try (TestRemote good = TestRemote.greeted(server.tunnelAddress(), "r", TOKEN)) {
            good.peer().send(Instruction.ping(1));
            assertThat(good.peer().nextOf(0x001B)).isEqualTo(Instruction.pong(1));
        }
    }

    static Stream<Arguments> badFirstInstructions() {
        byte[] good = TestRemote.hello(1, 0, "r").body();
        byte[] longName = Arrays.copyOf(good, good.length - 1 + 256);
        byte[] withResume = good.clone();
        withResume[56] = 15;
        byte[] badName = good.clone();
        badName[badName.length - 1] = (byte) 0xff;
        return Stream.of(
                Arguments.of("Proof before Hello", Instruction.proof(new byte[32])),
                Arguments.of("Welcome before Hello", Instruction.welcome(new byte[16], 4096, new byte[32])),
                Arguments.of("Open before Hello", Instruction.open(1, 1)),
                Arguments.of("data before Hello", Instruction.data(1, Bytes.of("x"))),
                Arguments.of("an unknown instruction before Hello", Instruction.of(0x0030)),
                Arguments.of("a Hello without a name", Instruction.of(0x0010, Arrays.copyOf(good, good.length - 1))),
                Arguments.of("a Hello cut in its nonce", Instruction.of(0x0010, Arrays.copyOf(good, 40))),
                Arguments.of("an empty Hello", Instruction.of(0x0010)),
                Arguments.of("a Hello with a name too long", Instruction.of(0x0010, longName)),
                Arguments.of("a name that is no UTF-8", Instruction.of(0x0010, badName)),
                Arguments.of("half a session to resume", Instruction.of(0x0010, withResume)),
                Arguments.of("a Hello that claims 4 GiB", Instruction.claiming(0x0010, 0xffff_ffffL, good)),
                Arguments.of("a Hello that claims 4 KiB", Instruction.claiming(0x0010, 4096, good)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFirstInstructions")
    void aBadFirstInstructionEndsTheConnectionAtOnce(String what, Instruction frame) throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(settings())) {
            try (TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
                peer.send(frame);
                peer.socket().awaitEnd();
                assertThat(peer.socket().size()).as(what).isZero();
                await().until(() -> log.linesWith("refused: ").size() == 1);
                assertThat(log.linesWith("refused: ").get(0)).as(what).startsWith("INFO");
            }
            assertTakesRemotes(server);
        }
    }

    static Stream<Arguments> badSecondInstructions() {
        return Stream.of(
                Arguments.of("a second Hello", TestRemote.hello(1, 0, "r")),
                Arguments.of("a Proof of 31 bytes", Instruction.proof(new byte[31])),
                Arguments.of("an empty Proof", Instruction.proof()),
                Arguments.of("a Proof that claims 4 GiB", Instruction.claiming(0x0012, 0xffff_ffffL, new byte[32])),
                Arguments.of("a classic greeting", Instruction.of(0x0000, Bytes.of("r"))),
                Arguments.of("a Ping", Instruction.ping(1)),
                Arguments.of("data", Instruction.data(1, Bytes.of("x"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badSecondInstructions")
    void aBadSecondInstructionEndsTheConnectionAtOnce(String what, Instruction frame) throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(settings())) {
            try (TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
                peer.send(TestRemote.hello(1, 0, "r"));
                peer.next(0x0011);
                int before = peer.socket().size();
                peer.send(frame);
                peer.socket().awaitEnd();
                assertThat(peer.socket().size()).as(what).isEqualTo(before);
                await().until(() -> log.linesWith("refused: ").size() == 1);
                assertThat(log.linesWith("refused: ").get(0)).as(what).startsWith("INFO");
            }
            assertTakesRemotes(server);
        }
    }

    @Test
    void whatFollowsAProofIsNotTakenBeforeItHasBeenChecked() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings());
                TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            Instruction hello = TestRemote.hello(1, 0, "r");
            peer.send(hello);
            Instruction challenge = peer.next(0x0011);
            peer.send(Instruction.proof(HandMadeProof.remote("wrong", hello, challenge)), Instruction.ping(99));
            assertThat(peer.next().code()).isEqualTo(0x0014);
            peer.socket().awaitEnd();
            assertThat(peer.hasNext()).isFalse();
        }
    }

    @Test
    void instructionsSentTogetherWithTheRightProofAreTaken() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings());
                TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            Instruction hello = TestRemote.hello(1, 0, "r");
            peer.send(hello);
            Instruction challenge = peer.next(0x0011);
            peer.send(Instruction.proof(HandMadeProof.remote(TOKEN, hello, challenge)), Instruction.ping(99));
            assertThat(peer.nextAny().code()).isEqualTo(0x0013);
            assertThat(peer.nextOf(0x001B)).isEqualTo(Instruction.pong(99));
        }
    }

    @Test
    void aGreetingInSingleBytesIsTaken() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings());
                TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            Instruction hello = TestRemote.hello(1, 0, "r");
            sendInSingleBytes(peer, hello);
            Instruction challenge = peer.next(0x0011);
            sendInSingleBytes(peer, Instruction.proof(HandMadeProof.remote(TOKEN, hello, challenge)));
            peer.next(0x0013);
        }
    }

    private static void sendInSingleBytes(TestPeer peer, Instruction frame) throws IOException {
        for (byte b : frame.bytes()) {
            peer.send(b);
        }
    }

    @Test
    void aThousandHalfFinishedGreetingsDoNotKeepAGoodRemoteOut() throws Exception {
        Instruction hello = TestRemote.hello(9, 0, "r");
        byte[] half = Arrays.copyOf(hello.bytes(), 30);
        List<PlainSocket> attackers = new ArrayList<>();
        try (ServerUnderTest server = new ServerUnderTest(settings().withGreetings(Duration.ofSeconds(60), 2000))) {
            try {
                for (int i = 0; i < 1000; i++) {
                    PlainSocket attacker = PlainSocket.connect(server.tunnelAddress());
                    attacker.send(i % 2 == 0 ? half : hello.bytes());
                    attackers.add(attacker);
                }
                assertTakesRemotes(server);
                assertThat(attackers).allMatch(attacker -> attacker.end().isEmpty());
            } finally {
                for (PlainSocket attacker : attackers) {
                    attacker.close();
                }
            }
        }
    }

    @Test
    void aRemoteBesideIdleConnectionsFromItsOwnAddressGetsInAndTheOldestOfThemGoes() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(settings().withGreetings(Duration.ofSeconds(60), 2));
                TestPeer oldest = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            oldest.send(TestRemote.hello(1, 0, "r"));
            oldest.next(0x0011);
            try (TestPeer second = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
                second.send(TestRemote.hello(1, 0, "r"));
                second.next(0x0011);
                assertTakesRemotes(server);
                oldest.socket().awaitEnd();
                assertThat(second.socket().end()).isEmpty();
            }
            assertThat(server.role().greetingsRefused(GreetingRefusal.CROWDED_OUT))
                    .isEqualTo(1);
            assertThat(log.linesWith("so its oldest is closed")).hasSize(1);
        }
    }

    @Test
    void aGreetingByteByByteIsDroppedAtTheDeadline() throws Exception {
        Duration deadline = Duration.ofMillis(600);
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(settings().withGreetings(deadline, 100));
                PlainSocket slow = PlainSocket.connect(server.tunnelAddress())) {
            byte[] hello = TestRemote.hello(1, 0, "r").bytes();
            int[] sent = {0};
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                if (slow.end().isEmpty() && sent[0] < hello.length - 1) {
                    trickle(slow, hello[sent[0]++]);
                }
                return slow.end().isPresent();
            });
            assertThat(slow.size()).isZero();
            await().until(() -> log.linesWith("no greeting within").size() == 1);
            assertTakesRemotes(server);
        }
    }

    private static void trickle(PlainSocket slow, byte next) {
        try {
            slow.send(next);
        } catch (IOException e) {
            // The server has closed the connection. The reader sees this, too.
        }
    }

    @Test
    void aChallengeThatIsNotAnsweredIsDroppedAtTheDeadline() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(settings().withGreetings(Duration.ofMillis(300), 100));
                TestPeer peer = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            peer.send(TestRemote.hello(1, 0, "r"));
            peer.next(0x0011);
            peer.socket().awaitEnd();
            await().until(() -> log.linesWith("no greeting within").size() == 1);
        }
    }
}
