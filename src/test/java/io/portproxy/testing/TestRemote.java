package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A remote made by hand, for tests of the proxy server. */
public final class TestRemote implements AutoCloseable {
    private static final String NO_TOKEN = "";

    /** A user's connection and the identity that the server has given it. */
    public record Opened(PlainSocket user, long identity) {}

    private final TestPeer peer;

    private TestRemote(TestPeer peer) {
        this.peer = peer;
    }

    /** Connects to the proxy server and sends nothing. */
    public static TestRemote connect(Dialect dialect, InetSocketAddress server) throws IOException {
        return new TestRemote(TestPeer.connect(dialect, server));
    }

    /**
     * Connects to the proxy server and greets for a name without a token, always as the same instance. The remote does by itself what
     * only the extended dialect needs, so that a test sees the same in both dialects ({@link TestPeer#oblige}).
     */
    public static TestRemote greeted(Dialect dialect, InetSocketAddress server, String name)
            throws IOException, InterruptedException {
        TestPeer peer = TestPeer.connect(dialect, server);
        if (dialect == Dialect.EXTENDED) {
            TestRemote remote = greeted(peer, 1, 0, name, NO_TOKEN);
            remote.peer.oblige();
            return remote;
        }
        peer.send(Instruction.greeting(name));
        return new TestRemote(peer);
    }

    /** Connects and greets with a token, in the extended dialect, as the first tunnel of instance 1. */
    public static TestRemote greeted(InetSocketAddress server, String name, String token)
            throws IOException, InterruptedException {
        return greeted(server, 1, 0, name, token);
    }

    /** Connects and greets with a token, in the extended dialect. */
    public static TestRemote greeted(InetSocketAddress server, int instance, int index, String name, String token)
            throws IOException, InterruptedException {
        return greeted(TestPeer.connect(Dialect.EXTENDED, server), instance, index, name, token);
    }

    /** Connects and greets as a remote that may ask for ports. */
    public static TestRemote greetedToExpose(InetSocketAddress server, int instance, String name, String token)
            throws IOException, InterruptedException {
        Instruction hello = Instruction.hello(
                Instruction.VERSION, 1, Bytes.random(instance, 16), 0, Bytes.random(7, 32), Bytes.of(name));
        return greeted(TestPeer.connect(Dialect.EXTENDED, server), hello, token);
    }

    /** Connects and greets as a remote that carries datagrams, for a name without a token. */
    public static TestRemote greetedForDatagrams(InetSocketAddress server, String name)
            throws IOException, InterruptedException {
        Instruction hello =
                Instruction.hello(Instruction.VERSION, 2, Bytes.random(1, 16), 0, Bytes.random(7, 32), Bytes.of(name));
        return greeted(TestPeer.connect(Dialect.EXTENDED, server), hello, NO_TOKEN);
    }

    /** Greets over an existing connection, in the extended dialect, and checks the server's own proof. */
    public static TestRemote greeted(TestPeer peer, int instance, int index, String name, String token)
            throws IOException, InterruptedException {
        return greeted(peer, hello(instance, index, name), token);
    }

    private static TestRemote greeted(TestPeer peer, Instruction hello, String token)
            throws IOException, InterruptedException {
        peer.send(hello);
        Instruction challenge = peer.next(0x0011);
        Instruction proof = Instruction.proof(HandMadeProof.remote(token, hello, challenge));
        peer.send(proof);
        Instruction welcome = peer.next(0x0013);
        byte[] body = welcome.body();
        assertThat(body).hasSize(64);
        assertThat(Arrays.copyOfRange(body, 32, 64))
                .as("the server's proof")
                .isEqualTo(HandMadeProof.server(token, hello, challenge, proof, welcome));
        return new TestRemote(peer);
    }

    /** Returns a Hello of that instance. Its nonce is the same each time. */
    public static Instruction hello(int instance, int index, String name) {
        return Instruction.hello(
                Instruction.VERSION, Bytes.random(instance, 16), index, Bytes.random(7, 32), Bytes.of(name));
    }

    /** Returns the remote's end of the tunnel. */
    public TestPeer peer() {
        return peer;
    }

    /** Connects a user. The server resets users until it knows the remote, so this may try several times. */
    public Opened open(InetSocketAddress exposed) throws IOException, InterruptedException {
        PlainSocket user = PlainSocket.connect(exposed);
        while (!isTaken(user)) {
            user = PlainSocket.connect(exposed);
        }
        return opened(user);
    }

    /** Connects a user who has small buffers and does not read yet. The server must know the remote already. */
    public Opened openSlowReader(InetSocketAddress exposed) throws IOException, InterruptedException {
        return opened(PlainSocket.connectSlowReader(exposed));
    }

    private Opened opened(PlainSocket user) throws IOException, InterruptedException {
        return new Opened(user, peer.nextOpening().identity());
    }

    private boolean isTaken(PlainSocket user) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> peer.hasNext() || user.end().isPresent());
        return user.end().equals(Optional.empty());
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
