package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedRemote;
import io.portproxy.testing.ExtendedServer;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Frame;
import io.portproxy.testing.FramePeer;
import io.portproxy.testing.HandMadeProof;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Both roles beside a peer of a later version, made by hand, that makes use of all the room that protocol.md leaves:
 * features, longer bodies, fields of an Open, instructions. So a server and a remote that are a version apart work.
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

    /** Reserved ones, and some that nobody has thought of yet. */
    private static final Frame[] LATER_INSTRUCTIONS = {
        Frame.of(0x001d, new byte[24]),
        Frame.of(0x001e),
        Frame.of(0x0030, new byte[100_000]),
        Frame.of(0xfffe, (byte) 3)
    };

    private static Frame withFeatures(Frame frame, int at) {
        byte[] bytes = frame.bytes();
        ByteBuffer.wrap(bytes).putInt(at, EVERY_FEATURE);
        return Frame.of(frame.code(), Arrays.copyOfRange(bytes, 6, bytes.length));
    }

    /** With more behind what this version knows of it; a body may have 4096 bytes in all. */
    private static Frame longer(Frame frame) {
        return longer(frame, 1000);
    }

    private static Frame longer(Frame frame, int by) {
        byte[] body = frame.body();
        byte[] more = Arrays.copyOf(body, body.length + by);
        Arrays.fill(more, body.length, more.length, (byte) 0xa5);
        return Frame.of(frame.code(), more);
    }

    @Test
    void aServerServesALaterRemote() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", 4711)));
                FramePeer remote = FramePeer.connect(server.tunnelAddress())) {
            greet(remote);
            remote.send(LATER_INSTRUCTIONS);
            try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                Frame open = remote.next(0x0015);
                long stream = open.identity();
                assertThat(open.int16(6)).isEqualTo(4711);
                remote.send(longer(Frame.of(0x0016, Arrays.copyOf(open.body(), 6))));
                user.send(ASK);
                assertThat(remote.nextData(stream, ASK.length)).isEqualTo(ASK);
                remote.send(LATER_INSTRUCTIONS);
                remote.send(
                        longer(Frame.window(stream, ASK.length, 4 * WINDOW)),
                        longer(Frame.ping(42)),
                        Frame.data(stream, ANSWER),
                        longer(Frame.end(stream)));
                assertThat(user.awaitReceived(ANSWER.length)).isEqualTo(ANSWER);
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(remote.nextOf(0x001b).int64(0)).isEqualTo(42);
            }
        }
    }

    private static void greet(FramePeer remote) throws Exception {
        Frame hello = withFeatures(ExtendedRemote.hello(1, 0, "r"), HELLO_FEATURES);
        remote.send(hello);
        Frame challenge = remote.next(0x0011);
        Frame proof = longer(Frame.proof(HandMadeProof.remote(TOKEN, hello, challenge)), 200);
        remote.send(proof);
        Frame welcome = remote.next(0x0013);
        assertThat(Arrays.copyOfRange(welcome.body(), WELCOME_PROOF, welcome.body().length))
                .isEqualTo(HandMadeProof.server(TOKEN, hello, challenge, proof, welcome));
    }

    @Test
    void aRemoteServesALaterServer() throws Exception {
        long stream = 0x0123_4567_89abL;
        try (RawTarget target = RawTarget.open();
                ExtendedServer server = new ExtendedServer();
                ClientUnderTest client = new ClientUnderTest(ExtendedSettings.client("r", server.address()))) {
            FramePeer peer = server.accept();
            greet(peer, TOKEN);
            peer.send(LATER_INSTRUCTIONS);
            peer.send(
                    Frame.open(stream, target.port(), Frame.field(99, "of a later version"), Frame.field(5, "web")),
                    Frame.data(stream, ASK),
                    longer(Frame.ping(43)));
            PlainSocket served = target.accept();
            assertThat(served.awaitReceived(ASK.length)).isEqualTo(ASK);
            assertThat(peer.nextOf(0x001b).int64(0)).isEqualTo(43);
            peer.send(LATER_INSTRUCTIONS);
            served.send(ANSWER);
            assertThat(peer.nextData(stream, ANSWER.length)).isEqualTo(ANSWER);
            peer.send(longer(Frame.window(stream, ANSWER.length, WINDOW)), longer(Frame.end(stream)));
            served.finish();
            assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(peer.nextOf(0x0017)).isEqualTo(Frame.end(stream));
            assertThat(client.connected()).isTrue();
        }
    }

    private static void greet(FramePeer peer, String token) throws Exception {
        Frame hello = peer.next(0x0010);
        Frame challenge = longer(withFeatures(Frame.challenge(Frame.VERSION, Bytes.random(11, 32)), HELLO_FEATURES));
        peer.send(challenge);
        Frame proof = peer.next(0x0012);
        assertThat(proof.body()).isEqualTo(HandMadeProof.remote(token, hello, challenge));
        Frame unproved =
                longer(withFeatures(Frame.welcome(Bytes.random(12, 16), WINDOW, new byte[32]), WELCOME_FEATURES));
        byte[] body = unproved.body();
        System.arraycopy(HandMadeProof.server(token, hello, challenge, proof, unproved), 0, body, WELCOME_PROOF, 32);
        peer.send(Frame.of(0x0013, body));
    }

    @Test
    void aRemoteOfALaterVersionIsToldWhatItIs() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(ExtendedSettings.remote("r", 4711)));
                FramePeer remote = FramePeer.connect(server.tunnelAddress())) {
            remote.send(Frame.hello(Frame.VERSION + 1, Bytes.random(1, 16), 0, Bytes.random(7, 32), Bytes.of("r")));

            Frame reject = remote.next(0x0014);
            assertThat(reject.int16(0)).as("protocol error").isEqualTo(13);
        }
    }
}
