package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.HandMadeProof;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the server's part of the extended greeting. The test builds the remote's messages from the specified layouts. */
class ExtendedGreetingTest {
    private static final String TOKEN = ExtendedSettings.TOKEN;
    private static final String NEW_TOKEN = "the one after it";

    private final LogRecorder log = new LogRecorder();
    private ServerUnderTest server;

    @BeforeEach
    void start() throws Exception {
        RemoteSettings rotating = new RemoteSettings(
                "rotating",
                List.of(TokenVerifier.of(Token.of(TOKEN)), TokenVerifier.of(Token.of(NEW_TOKEN))),
                TestSettings.remote("rotating", 1).ports());
        server = new ServerUnderTest(
                TestSettings.server(ExtendedSettings.remote("r", 7), rotating, TestSettings.remote("open", 7)));
    }

    @AfterEach
    void stop() {
        log.close();
        server.close();
    }

    private TestPeer connect() throws IOException {
        return TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress());
    }

    /** Greets, makes the proof of a test from the Hello and the challenge, and returns the answer to the proof. */
    private Instruction answerTo(String name, BiFunction<Instruction, Instruction, byte[]> proof) throws Exception {
        try (TestPeer peer = connect()) {
            Instruction hello = TestRemote.hello(1, 0, name);
            peer.send(hello);
            Instruction challenge = peer.next(0x0011);
            peer.send(Instruction.proof(proof.apply(hello, challenge)));
            Instruction answer = peer.next();
            if (answer.code() == 0x0014) {
                assertThat(peer.socket().awaitEnd()).isEqualTo(End.CLEAN);
            }
            return answer;
        }
    }

    private void assertStillTakesRemotes() throws Exception {
        try (TestRemote good = TestRemote.greeted(server.tunnelAddress(), "r", TOKEN)) {
            try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                assertThat(good.peer().next(0x0015).int16(6)).isEqualTo(7);
                user.send(Bytes.of("x"));
                assertThat(good.peer().next(0x0003).data()).isEqualTo(Bytes.of("x"));
            }
        }
    }

    @Test
    void theRightProofIsWelcomedAndTheServerProvesItselfToo() throws Exception {
        assertStillTakesRemotes(); // this also checks the proof in Welcome
    }

    @Test
    void theChallengeAndTheWelcomeAreLaidOutAsSpecified() throws Exception {
        try (TestPeer peer = connect()) {
            Instruction hello = TestRemote.hello(1, 0, "r");
            peer.send(hello);
            Instruction challenge = peer.next(0x0011);
            assertThat(challenge.body()).hasSize(2 + 4 + 32);
            assertThat(challenge.int16(0)).isEqualTo(2);
            assertThat(challenge.int32(2)).isZero();
            peer.send(Instruction.proof(HandMadeProof.remote(TOKEN, hello, challenge)));
            Instruction welcome = peer.next(0x0013);
            assertThat(welcome.body()).hasSize(16 + 4 + 4 + 4 + 4 + 32);
            assertThat(welcome.int32(16)).as("features").isZero();
            assertThat(welcome.int32(20)).as("initial window").isEqualTo(256 * 1024);
            assertThat(welcome.int32(24)).as("keep-alive ms").isEqualTo(1000);
            assertThat(welcome.int32(28)).as("resume ms").isZero();
        }
    }

    @Test
    void eachChallengeIsAnotherAndSoIsEachSession() throws Exception {
        try (TestPeer one = connect();
                TestPeer two = connect()) {
            one.send(TestRemote.hello(1, 0, "r"));
            two.send(TestRemote.hello(1, 0, "r"));
            assertThat(one.next(0x0011)).isNotEqualTo(two.next(0x0011));
        }
        Instruction first = answerTo("r", (hello, challenge) -> HandMadeProof.remote(TOKEN, hello, challenge));
        Instruction second = answerTo("r", (hello, challenge) -> HandMadeProof.remote(TOKEN, hello, challenge));
        assertThat(Arrays.copyOf(first.body(), 16)).isNotEqualTo(Arrays.copyOf(second.body(), 16));
    }

    @ParameterizedTest
    @ValueSource(strings = {TOKEN, NEW_TOKEN})
    void eitherTokenOfANameIsTakenWhileItIsRotated(String token) throws Exception {
        try (TestRemote remote = TestRemote.greeted(server.tunnelAddress(), "rotating", token)) {
            remote.peer().send(Instruction.ping(42));
            assertThat(remote.peer().nextOf(0x001B)).isEqualTo(Instruction.pong(42));
        }
    }

    @Test
    void aNameWithoutATokenIsTakenWithAProofKeyedByZeros() throws Exception {
        try (TestRemote remote = TestRemote.greeted(server.tunnelAddress(), "open", "")) {
            remote.peer().send(Instruction.ping(42));
            assertThat(remote.peer().nextOf(0x001B)).isEqualTo(Instruction.pong(42));
        }
    }

    @Test
    void aWrongTokenAndAnUnknownNameGetTheSameBytes() throws Exception {
        Instruction wrong = answerTo("r", (hello, challenge) -> HandMadeProof.remote("wrong", hello, challenge));
        Instruction none = answerTo("r", (hello, challenge) -> HandMadeProof.remote("", hello, challenge));
        Instruction unknown = answerTo("nobody", (hello, challenge) -> HandMadeProof.remote(TOKEN, hello, challenge));
        Instruction unknownWithNone =
                answerTo("nobody", (hello, challenge) -> HandMadeProof.remote("", hello, challenge));
        assertThat(wrong.code()).isEqualTo(0x0014);
        assertThat(wrong.int16(0)).as("denied").isEqualTo(9);
        assertThat(List.of(none, unknown, unknownWithNone)).containsOnly(wrong);
        assertThat(log.linesWith("refused: remote name \"r\"")).hasSize(2).allMatch(line -> line.startsWith("INFO"));
        assertThat(log.linesWith("refused: remote name \"nobody\"")).hasSize(2);
        assertStillTakesRemotes();
    }

    @Test
    void noTokenIsEverLogged() throws Exception {
        var unused = answerTo("r", (hello, challenge) -> HandMadeProof.remote(NEW_TOKEN, hello, challenge));
        assertStillTakesRemotes();
        assertThat(log.linesWith(TOKEN)).isEmpty();
        assertThat(log.linesWith(NEW_TOKEN)).isEmpty();
    }

    @Test
    void aTokenOfOneNameDoesNotProveAnother() throws Exception {
        Instruction answer = answerTo("r", (hello, challenge) -> HandMadeProof.remote(NEW_TOKEN, hello, challenge));
        assertThat(answer.code()).isEqualTo(0x0014);
    }

    /** Returns wrong proofs: with wrong keys or signatures, in the form of the server's own proof, or as in version 1. */
    private static Stream<Arguments> proofsWithoutTheToken() {
        return Stream.of(
                proof("nothing", (hello, challenge) -> new byte[32]),
                proof("StoredKey", (hello, challenge) -> HandMadeProof.storedKey(TOKEN)),
                proof("ClientKey, unsigned", (hello, challenge) -> HandMadeProof.clientKey(TOKEN)),
                proof(
                        "the signature alone",
                        (hello, challenge) -> HandMadeProof.remoteSignature(TOKEN, hello, challenge)),
                proof(
                        "the signature with StoredKey",
                        (hello, challenge) -> HandMadeProof.xor(
                                HandMadeProof.storedKey(TOKEN),
                                HandMadeProof.remoteSignature(TOKEN, hello, challenge))),
                proof(
                        "the signature with ServerKey",
                        (hello, challenge) -> HandMadeProof.xor(
                                HandMadeProof.serverKey(TOKEN),
                                HandMadeProof.remoteSignature(TOKEN, hello, challenge))),
                proof(
                        "the server's label",
                        (hello, challenge) -> HandMadeProof.hmac(
                                HandMadeProof.serverKey(TOKEN),
                                Bytes.of("portproxy 2 server\0"),
                                hello.bytes(),
                                challenge.bytes())),
                proof(
                        "the server's label with ClientKey",
                        (hello, challenge) -> HandMadeProof.xor(
                                HandMadeProof.clientKey(TOKEN),
                                HandMadeProof.hmac(
                                        HandMadeProof.storedKey(TOKEN),
                                        Bytes.of("portproxy 2 server\0"),
                                        hello.bytes(),
                                        challenge.bytes()))),
                proof(
                        "that of version 1",
                        (hello, challenge) -> HandMadeProof.hmac(
                                Bytes.of(TOKEN), Bytes.of("portproxy 1 remote\0"), hello.bytes(), challenge.bytes())));
    }

    private static Arguments proof(String what, BiFunction<Instruction, Instruction, byte[]> proof) {
        return Arguments.of(what, proof);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("proofsWithoutTheToken")
    void whatDoesNotTakeTheTokenIsNoProof(String what, BiFunction<Instruction, Instruction, byte[]> proof)
            throws Exception {
        assertThat(answerTo("r", proof).code()).as(what).isEqualTo(0x0014);
    }

    /** RFC 5802, section 9: the StoredKey of the server and one overheard proof together are as good as the token. */
    @Test
    void whoHasHeardAProofAndHasStolenStoredKeyIsTheRemote() throws Exception {
        byte[][] clientKey = new byte[1][];
        Instruction heard = answerTo("r", (hello, challenge) -> {
            byte[] proof = HandMadeProof.remote(TOKEN, hello, challenge);
            clientKey[0] = HandMadeProof.xor(proof, HandMadeProof.remoteSignature(TOKEN, hello, challenge));
            return proof;
        });
        assertThat(heard.code()).isEqualTo(0x0013);
        Instruction thief = answerTo(
                "r",
                (hello, challenge) ->
                        HandMadeProof.xor(clientKey[0], HandMadeProof.remoteSignature(TOKEN, hello, challenge)));
        assertThat(thief.code()).isEqualTo(0x0013);
    }

    @Test
    void theServersOwnProofSentBackIsNone() throws Exception {
        Instruction welcome = answerTo("r", (hello, challenge) -> HandMadeProof.remote(TOKEN, hello, challenge));
        byte[] servers = Arrays.copyOfRange(welcome.body(), 32, 64);
        assertThat(answerTo("r", (hello, challenge) -> servers).code()).isEqualTo(0x0014);
    }

    @Test
    void aProofReplayedFromAnEarlierGreetingIsRefused() throws Exception {
        byte[][] recorded = new byte[1][];
        Instruction welcome = answerTo("r", (hello, challenge) -> {
            recorded[0] = HandMadeProof.remote(TOKEN, hello, challenge);
            return recorded[0];
        });
        assertThat(welcome.code()).isEqualTo(0x0013);
        assertThat(answerTo("r", (hello, challenge) -> recorded[0]).code()).isEqualTo(0x0014);
    }

    @Test
    void aProofOverAnotherHelloIsRefused() throws Exception {
        Instruction answer = answerTo(
                "r", (hello, challenge) -> HandMadeProof.remote(TOKEN, TestRemote.hello(2, 0, "r"), challenge));
        assertThat(answer.code()).isEqualTo(0x0014);
    }

    @Test
    void wrongProofsAreAnsweredAlikeAndDoNotKeepTheRightOneOut() throws Exception {
        Instruction refused = answerTo("r", (hello, challenge) -> new byte[32]);
        assertThat(refused.code()).isEqualTo(0x0014);
        assertThat(answerTo("r", (hello, challenge) -> new byte[32])).isEqualTo(refused);
        assertStillTakesRemotes();
        assertThat(answerTo("r", (hello, challenge) -> new byte[32])).isEqualTo(refused);
    }

    /** Sends a wrong proof and does not wait for the answer. */
    private static void fail(TestPeer peer) throws Exception {
        peer.send(TestRemote.hello(1, 0, "r"));
        peer.next(0x0011);
        peer.send(Instruction.proof(new byte[32]));
    }

    private void failFrom(InetAddress address) throws Exception {
        try (TestPeer peer = TestPeer.connectFrom(Dialect.EXTENDED, address, server.tunnelAddress())) {
            fail(peer);
            peer.next(0x0014);
        }
    }

    @Test
    void goodProofsLetFailuresOfTheirAddressBeForgotten() throws Exception {
        InetAddress one = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        failFrom(one);
        failFrom(one);
        failFrom(other);
        assertStillTakesRemotes();
        assertStillTakesRemotes();
        try (TestPeer first = TestPeer.connectFrom(Dialect.EXTENDED, one, server.tunnelAddress());
                TestPeer second = TestPeer.connectFrom(Dialect.EXTENDED, other, server.tunnelAddress())) {
            fail(first);
            fail(second);
            second.next(0x0014);
            first.next(0x0014);
        }
        // These answer a first and a second failure. Without the good proofs they would answer a third and a second.
        List<String> answers = log.linesWith("refused: remote name");
        assertThat(answers).hasSize(5);
        assertThat(answers.get(3)).contains("from 127.0.0.1:");
        assertThat(answers.get(4)).contains("from 127.0.0.2:");
    }

    @Test
    void aNameWithATokenIsNotGivenToAClassicRemote() throws Exception {
        try (PlainSocket classic = PlainSocket.connect(server.tunnelAddress())) {
            classic.send(new byte[] {0, 0, 0, 0, 0, 1, 'r'});
            classic.awaitEnd();
            assertThat(classic.size()).isZero();
        }
        await().until(() -> !log.linesWith("has a token").isEmpty());
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
        assertStillTakesRemotes();
    }

    /** Only the field of the version is the same in all versions. The rest can be longer, shorter or laid out differently. */
    private static Stream<Arguments> hellosOfAnotherVersion() {
        byte[] version = {0, 3};
        return Stream.of(
                Arguments.of("the one before", helloOf(1)),
                Arguments.of("as ours", helloOf(3)),
                Arguments.of("the version alone", Instruction.of(0x0010, version)),
                Arguments.of("short", Instruction.of(0x0010, Arrays.copyOf(version, 20))),
                Arguments.of("long", Instruction.of(0x0010, Arrays.copyOf(version, 5000))),
                Arguments.of("long, of which the rest never comes", Instruction.claiming(0x0010, 1 << 20, version)),
                Arguments.of("a session of 7 bytes", Instruction.of(0x0010, withResumeLength(version, 7))));
    }

    private static Instruction helloOf(int version) {
        return Instruction.hello(version, Bytes.random(1, 16), 0, Bytes.random(2, 32), Bytes.of("r"));
    }

    private static byte[] withResumeLength(byte[] version, int length) {
        byte[] body = Arrays.copyOf(version, 90);
        body[2 + 4 + 16 + 2 + 32] = (byte) length;
        return body;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hellosOfAnotherVersion")
    void anotherVersionIsRejectedWithWordsThatSayWhich(String layout, Instruction hello) throws Exception {
        try (TestPeer peer = connect()) {
            peer.send(hello);
            Instruction reject = peer.next(0x0014);
            assertThat(reject.int16(0)).as("protocol error").isEqualTo(13);
            assertThat(new String(reject.body(), 3, reject.body().length - 3, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("version " + hello.int16(0)
                            + " of the protocol is not supported by this server; it supports version 2");
            assertThat(peer.socket().awaitEnd()).isEqualTo(End.CLEAN);
        }
        assertStillTakesRemotes();
    }
}
