package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.HandMadeProof;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the remote's part of the extended greeting. The test builds the server's messages from the specified layouts. */
class ExtendedClientGreetingTest {
    private static final String TOKEN = ExtendedSettings.TOKEN;

    private final LogRecorder log = new LogRecorder();
    private TestServer server;
    private ClientUnderTest client;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(Dialect.EXTENDED);
        client = new ClientUnderTest(ExtendedSettings.client("r", server.address()));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        log.close();
    }

    @Test
    void itGreetsAsSpecified() throws Exception {
        TestPeer peer = server.accept();
        Instruction hello = peer.next(0x0010);
        assertThat(hello.body()).hasSize(2 + 4 + 16 + 2 + 32 + 1 + 1);
        assertThat(hello.int16(0)).as("version").isEqualTo(2);
        assertThat(hello.int32(2)).as("features").isEqualTo(2 | 4);
        assertThat(hello.int16(22)).as("tunnel index").isZero();
        assertThat(hello.body()[56]).as("no session to resume").isZero();
        assertThat(hello.body()[57]).isEqualTo((byte) 'r');
        Instruction challenge = Instruction.challenge(Instruction.VERSION, Bytes.random(3, 32));
        peer.send(challenge);
        assertThat(peer.next(0x0012).body()).isEqualTo(HandMadeProof.remote(TOKEN, hello, challenge));
        assertThat(client.connected()).isFalse();
    }

    @Test
    void itIsConnectedOnceTheServerHasProvedItself() throws Exception {
        TestPeer peer = server.acceptGreeted(TOKEN, 65_536);
        await().until(client::connected);
        peer.send(Instruction.ping(5));
        assertThat(peer.nextOf(0x001B)).isEqualTo(Instruction.pong(5));
    }

    @Test
    void anotherNonceIsSaidEachTimeByTheSameInstance() throws Exception {
        TestPeer first = server.acceptGreeted(TOKEN, 65_536);
        await().until(client::connected);
        first.close();
        TestPeer again = server.accept();
        Instruction hello = again.next(0x0010);
        again.socket().reset();
        TestPeer third = server.accept();
        Instruction next = third.next(0x0010);
        assertThat(nonce(next)).isNotEqualTo(nonce(hello));
        assertThat(instance(next)).isEqualTo(instance(hello));
    }

    private static List<Byte> nonce(Instruction hello) {
        return part(hello, 24, 32);
    }

    private static List<Byte> instance(Instruction hello) {
        return part(hello, 6, 16);
    }

    private static List<Byte> part(Instruction hello, int from, int length) {
        byte[] body = hello.body();
        return Stream.iterate(from, i -> i + 1).limit(length).map(i -> body[i]).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 400 Bad Request, this is no PortProxy server: it sent an HTTP response",
        "SSH-2.0-OpenSSH_9.2, this is no PortProxy server: it speaks SSH"
    })
    void whatAnswersInAnotherProtocolIsCalledByItsName(String first, String told) throws Exception {
        TestPeer peer = server.accept();
        peer.next(0x0010);
        peer.send(Bytes.of(first + "\r\n\r\n"));
        await().until(() -> !log.linesWith(told).isEmpty());
        assertThat(log.linesWith(told).get(0)).startsWith("WARN").contains("portproxy.client.server");
    }

    @Test
    void aServerWithoutTheTokenIsNotBelieved() throws Exception {
        TestPeer peer = server.accept();
        Instruction hello = peer.next(0x0010);
        Instruction challenge = Instruction.challenge(Instruction.VERSION, Bytes.random(3, 32));
        peer.send(challenge);
        Instruction proof = peer.next(0x0012);
        peer.send(TestServer.welcome("another token", 65_536, hello, challenge, proof), Instruction.open(1, 7));
        peer.socket().awaitEnd();
        assertThat(peer.hasNext()).as("an answer to Open").isFalse();
        await().until(() -> !log.linesWith("cannot prove").isEmpty());
        assertThat(log.linesWith("cannot prove").get(0)).startsWith("WARN");
        assertThat(client.connected()).isFalse();
        server.acceptGreeted(TOKEN, 65_536);
        await().until(client::connected);
    }

    @Test
    void theRemotesOwnProofSentBackIsNotBelieved() throws Exception {
        TestPeer peer = server.accept();
        peer.next(0x0010);
        peer.send(Instruction.challenge(Instruction.VERSION, Bytes.random(3, 32)));
        Instruction proof = peer.next(0x0012);
        peer.send(Instruction.welcome(Bytes.random(1, 16), 65_536, proof.body()));
        peer.socket().awaitEnd();
        await().until(() -> !log.linesWith("cannot prove").isEmpty());
        assertThat(client.connected()).isFalse();
    }

    /** With StoredKey a server can check a remote's proof. Only with ServerKey can it prove itself. */
    @Test
    void aServerThatCanOnlyCheckProofsIsNotBelieved() throws Exception {
        TestPeer peer = server.accept();
        Instruction hello = peer.next(0x0010);
        Instruction challenge = Instruction.challenge(Instruction.VERSION, Bytes.random(3, 32));
        peer.send(challenge);
        Instruction proof = peer.next(0x0012);
        Instruction unproved = Instruction.welcome(Bytes.random(1, 16), 65_536, new byte[32]);
        byte[] storedKey = HandMadeProof.storedKey(TOKEN);
        byte[] ofStoredKey = HandMadeProof.serverKeyedBy(storedKey, hello, challenge, proof, unproved);
        peer.send(Instruction.welcome(Bytes.random(1, 16), 65_536, ofStoredKey));
        peer.socket().awaitEnd();
        await().until(() -> !log.linesWith("cannot prove").isEmpty());
        assertThat(client.connected()).isFalse();
    }

    @Test
    void aWelcomeWhoseFieldsWereChangedIsNotBelieved() throws Exception {
        TestPeer peer = server.accept();
        Instruction hello = peer.next(0x0010);
        Instruction challenge = Instruction.challenge(Instruction.VERSION, Bytes.random(3, 32));
        peer.send(challenge);
        Instruction proof = peer.next(0x0012);
        byte[] welcome =
                TestServer.welcome(TOKEN, 65_536, hello, challenge, proof).bytes();
        welcome[6 + 23] ^= 1; // a bit of the window
        peer.send(welcome);
        peer.socket().awaitEnd();
        await().until(() -> !log.linesWith("cannot prove").isEmpty());
        assertThat(client.connected()).isFalse();
    }

    @Test
    void aRejectIsLoggedWithItsWordsAndTheRemoteTriesAgain() throws Exception {
        TestPeer peer = server.accept();
        peer.next(0x0010);
        peer.send(Instruction.challenge(Instruction.VERSION, Bytes.random(3, 32)));
        peer.next(0x0012);
        peer.send(Instruction.reject(9, false, "no such luck"));
        peer.socket().awaitEnd();
        await().until(() -> !log.linesWith("no such luck").isEmpty());
        assertThat(log.linesWith("no such luck").get(0)).startsWith("WARN").contains("denied");
        server.acceptGreeted(TOKEN, 65_536);
        await().until(client::connected);
    }

    @Test
    void aRejectInsteadOfAChallengeIsUnderstood() throws Exception {
        TestPeer peer = server.accept();
        peer.next(0x0010);
        peer.send(Instruction.reject(13, true, "version 2 is not spoken"));
        await().until(() -> !log.linesWith("version 2 is not spoken").isEmpty());
        server.acceptGreeted(TOKEN, 65_536);
        await().until(client::connected);
    }

    @Test
    void aRejectWithAReasonOfALaterVersionIsUnderstood() throws Exception {
        TestPeer peer = server.accept();
        peer.next(0x0010);
        peer.send(Instruction.reject(999, true, "for reasons to come"));
        await().until(() -> !log.linesWith("for reasons to come").isEmpty());
        assertThat(log.linesWith("for reasons to come").get(0)).contains("unknown");
    }

    @Test
    void onlyTheFirstOfManyRejectsIsAWarning() throws Exception {
        for (int i = 0; i < 4; i++) {
            TestPeer peer = server.accept();
            peer.next(0x0010);
            peer.send(Instruction.reject(9, false, "no such luck"));
        }
        await().until(() -> log.linesWith("no such luck").size() >= 4);
        assertThat(log.linesWith("no such luck").stream().filter(line -> line.startsWith("WARN")))
                .hasSize(1);
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                Arguments.of("a classic data instruction", Instruction.data(1, Bytes.of("x"))),
                Arguments.of("a classic connection", Instruction.of(0x0001, new byte[4])),
                Arguments.of("a Welcome without a challenge", Instruction.welcome(new byte[16], 65_536, new byte[32])),
                Arguments.of("an Open", Instruction.open(1, 7)),
                Arguments.of("a Hello", Instruction.of(0x0010, new byte[60])),
                Arguments.of("a short Challenge", Instruction.of(0x0011, new byte[37])),
                Arguments.of("a Challenge that claims 4 GiB", Instruction.claiming(0x0011, 0xffff_ffffL)),
                Arguments.of("a Challenge of version 1", Instruction.challenge(1, new byte[32])),
                Arguments.of("a Challenge of version 3", Instruction.challenge(3, new byte[32])),
                Arguments.of("a Challenge of version 3 that is short", Instruction.challenge(3, new byte[3])),
                Arguments.of(
                        "a Challenge of version 3 that is long",
                        Instruction.claiming(0x0011, 1 << 20, new byte[] {0, 3})),
                Arguments.of("a web server's words", Instruction.of(0x4854, Bytes.of("TP/1.1 400 Bad Request"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongAnswers")
    void aWrongAnswerEndsTheAttemptAndTheNextOneCanSucceed(String what, Instruction answer) throws Exception {
        TestPeer peer = server.accept();
        peer.next(0x0010);
        peer.send(answer);
        peer.socket().awaitEnd();
        await().until(() ->
                !log.linesWith(server.address().getPort() + " as remote r: ").isEmpty());
        assertThat(log.linesWith(server.address().getPort() + " as remote r: ").get(0))
                .as(what)
                .startsWith("WARN");
        assertThat(client.connected()).isFalse();
        server.acceptGreeted(TOKEN, 65_536);
        await().until(client::connected);
    }

    @Test
    void aServerThatClosesIsNeverAnsweredWithTheClassicDialect() throws Exception {
        for (int i = 0; i < 3; i++) {
            TestPeer peer = server.accept();
            peer.next(0x0010);
            peer.close();
        }
        assertThat(server.accept().next().code()).isEqualTo(0x0010);
        await().until(() ->
                !log.linesWith("it may speak only the classic dialect").isEmpty());
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpAtTheDeadline() throws Exception {
        try (TestServer silent = new TestServer(Dialect.EXTENDED);
                ClientUnderTest hasty = new ClientUnderTest(hasty(silent.address()))) {
            TestPeer peer = silent.accept();
            peer.next(0x0010);
            peer.socket().awaitEnd();
            assertThat(hasty.connected()).isFalse();
            await().until(() -> log.linesWith("has not finished the greeting").size() == 1);
            silent.acceptGreeted(TOKEN, 65_536);
            await().until(hasty::connected);
        }
    }

    private static ClientSettings hasty(InetSocketAddress address) {
        return ExtendedSettings.client("r", address)
                .withTimes(TestSettings.TIMES.withGreetingTimeout(Duration.ofMillis(200)));
    }
}
