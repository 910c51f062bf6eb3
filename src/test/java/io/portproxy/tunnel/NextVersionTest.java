package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.HandMadeProof;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Tests both roles against a hand-made peer of a later version. The peer uses all the room that protocol.md leaves: features, longer
 * bodies, fields of an Open, and instructions. So a server and a remote that are one version apart work together.
 */
class NextVersionTest {
    private static final int WINDOW = 65_536;
    private static final int EVERY_FEATURE = 0xffff_ffff;
    private static final int HELLO_FEATURES = 6 + 2;
    private static final int WELCOME_FEATURES = 6 + 16;
    private static final int WELCOME_PROOF = 32;
    private static final String TOKEN = ExtendedSettings.TOKEN;
    private static final byte[] ASK = Bytes.of("ask");
    private static final byte[] ANSWER = Bytes.of("answer");

    /** Reserved instructions, and some that no version defines yet. */
    private static final Instruction[] LATER_INSTRUCTIONS = {
        Instruction.of(0x001d, new byte[24]),
        Instruction.of(0x001e),
        Instruction.of(0x0030, new byte[100_000]),
        Instruction.of(0xfffe, (byte) 3)
    };

    private static Instruction withFeatures(Instruction frame, int at) {
        byte[] bytes = frame.bytes();
        ByteBuffer.wrap(bytes).putInt(at, EVERY_FEATURE);
        return Instruction.of(frame.code(), Arrays.copyOfRange(bytes, 6, bytes.length));
    }

    /** Returns the instruction with 1000 more bytes behind the part that this version knows. A body may have 4096 bytes in all. */
    private static Instruction longer(Instruction frame) {
        return longer(frame, 1000);
    }

    private static Instruction longer(Instruction frame, int by) {
        byte[] body = frame.body();
        byte[] more = Arrays.copyOf(body, body.length + by);
        Arrays.fill(more, body.length, more.length, (byte) 0xa5);
        return Instruction.of(frame.code(), more);
    }

    @Test
    void aServerServesALaterRemote() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", 4711)));
                TestPeer remote = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            greet(remote);
            remote.send(LATER_INSTRUCTIONS);
            try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                Instruction open = remote.next(0x0015);
                long stream = open.identity();
                assertThat(open.int16(6)).isEqualTo(4711);
                remote.send(longer(Instruction.of(0x0016, Arrays.copyOf(open.body(), 6))));
                user.send(ASK);
                assertThat(remote.nextData(stream, ASK.length)).isEqualTo(ASK);
                remote.send(LATER_INSTRUCTIONS);
                remote.send(
                        longer(Instruction.window(stream, ASK.length, 4 * WINDOW)),
                        longer(Instruction.ping(42)),
                        Instruction.data(stream, ANSWER),
                        longer(Instruction.end(stream)));
                assertThat(user.awaitReceived(ANSWER.length)).isEqualTo(ANSWER);
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(remote.nextOf(0x001b).int64(0)).isEqualTo(42);
            }
        }
    }

    private static void greet(TestPeer remote) throws Exception {
        Instruction hello = withFeatures(TestRemote.hello(1, 0, "r"), HELLO_FEATURES);
        remote.send(hello);
        Instruction challenge = remote.next(0x0011);
        Instruction proof = longer(Instruction.proof(HandMadeProof.remote(TOKEN, hello, challenge)), 200);
        remote.send(proof);
        Instruction welcome = remote.next(0x0013);
        assertThat(Arrays.copyOfRange(welcome.body(), WELCOME_PROOF, welcome.body().length))
                .isEqualTo(HandMadeProof.server(TOKEN, hello, challenge, proof, welcome));
    }

    @Test
    void aRemoteServesALaterServer() throws Exception {
        long stream = 0x0123_4567_89abL;
        try (RawTarget target = RawTarget.open();
                TestServer server = new TestServer(Dialect.EXTENDED);
                ClientUnderTest client = new ClientUnderTest(ExtendedSettings.client("r", server.address()))) {
            TestPeer peer = server.accept();
            greet(peer, TOKEN);
            peer.send(LATER_INSTRUCTIONS);
            peer.send(
                    Instruction.open(
                            stream,
                            target.port(),
                            Instruction.field(99, "of a later version"),
                            Instruction.field(5, "web")),
                    Instruction.data(stream, ASK),
                    longer(Instruction.ping(43)));
            PlainSocket served = target.accept();
            assertThat(served.awaitReceived(ASK.length)).isEqualTo(ASK);
            assertThat(peer.nextOf(0x001b).int64(0)).isEqualTo(43);
            peer.send(LATER_INSTRUCTIONS);
            served.send(ANSWER);
            assertThat(peer.nextData(stream, ANSWER.length)).isEqualTo(ANSWER);
            peer.send(longer(Instruction.window(stream, ANSWER.length, WINDOW)), longer(Instruction.end(stream)));
            served.finish();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(peer.nextOf(0x0017)).isEqualTo(Instruction.end(stream));
            assertThat(client.connected()).isTrue();
        }
    }

    private static void greet(TestPeer peer, String token) throws Exception {
        Instruction hello = peer.next(0x0010);
        Instruction challenge =
                longer(withFeatures(Instruction.challenge(Instruction.VERSION, Bytes.random(11, 32)), HELLO_FEATURES));
        peer.send(challenge);
        Instruction proof = peer.next(0x0012);
        assertThat(proof.body()).isEqualTo(HandMadeProof.remote(token, hello, challenge));
        Instruction unproved =
                longer(withFeatures(Instruction.welcome(Bytes.random(12, 16), WINDOW, new byte[32]), WELCOME_FEATURES));
        byte[] body = unproved.body();
        System.arraycopy(HandMadeProof.server(token, hello, challenge, proof, unproved), 0, body, WELCOME_PROOF, 32);
        peer.send(Instruction.of(0x0013, body));
    }

    @Test
    void aRemoteOfALaterVersionIsToldWhatItIs() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", 4711)));
                TestPeer remote = TestPeer.connect(Dialect.EXTENDED, server.tunnelAddress())) {
            remote.send(Instruction.hello(
                    Instruction.VERSION + 1, Bytes.random(1, 16), 0, Bytes.random(7, 32), Bytes.of("r")));

            Instruction reject = remote.next(0x0014);
            assertThat(reject.int16(0)).as("protocol error").isEqualTo(13);
        }
    }
}
