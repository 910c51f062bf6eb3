package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A proxy server made by hand, for tests of the remote. */
public final class TestServer implements AutoCloseable {
    /** The window of a stream in tests that are not about windows. */
    private static final int LARGE_WINDOW = 32 << 20;

    private static final int NAME = 2 + 4 + 16 + 2 + 32 + 1; // the offset of the name in a Hello that resumes nothing
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NO_TOKEN = "";

    private final Dialect dialect;
    private final Encryption encryption;
    private final ServerSocket listener;
    private final List<TestPeer> peers = new ArrayList<>();

    /** Listens on 127.0.0.1. */
    public TestServer(Dialect dialect) throws IOException {
        this(dialect, 0);
    }

    /** Listens on a port of 127.0.0.1 that was free a moment ago. */
    public TestServer(Dialect dialect, int port) throws IOException {
        this(dialect, LOOPBACK, port);
    }

    /** Listens on a port of a loopback address. */
    public TestServer(Dialect dialect, String address, int port) throws IOException {
        this(dialect, Encryption.NONE, address, port);
    }

    /** Listens on 127.0.0.1 for extended tunnels over the given transport. */
    public TestServer(Encryption encryption) throws IOException {
        this(Dialect.EXTENDED, encryption, LOOPBACK, 0);
    }

    private TestServer(Dialect dialect, Encryption encryption, String address, int port) throws IOException {
        this.dialect = dialect;
        this.encryption = encryption;
        listener = new ServerSocket();
        listener.bind(new InetSocketAddress(address, port), 50);
        listener.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Returns the address where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Waits for the next tunnel and sends nothing. */
    public TestPeer accept() throws IOException {
        TestPeer peer = TestPeer.of(dialect, encryption.accepted(listener.accept()));
        peers.add(peer);
        return peer;
    }

    /**
     * Waits for the next tunnel and for its greeting, which must come first and be for that name without a token. The server does by
     * itself what only the extended dialect needs, so that a test sees the same in both dialects ({@link TestPeer#oblige}).
     */
    public TestPeer acceptGreeted(String name) throws IOException, InterruptedException {
        TestPeer peer = accept();
        Instruction first = peer.nextAny();
        if (dialect == Dialect.EXTENDED) {
            byte[] hello = first.body();
            assertThat(Arrays.copyOfRange(hello, NAME, hello.length)).isEqualTo(Bytes.of(name));
            welcome(peer, first, NO_TOKEN, LARGE_WINDOW);
            return peer.oblige();
        }
        assertThat(first).isEqualTo(Instruction.greeting(name));
        return peer;
    }

    /** Waits for the next extended tunnel and completes its greeting, for any name. */
    public TestPeer acceptGreeted(String token, int window) throws IOException, InterruptedException {
        TestPeer peer = accept();
        welcome(peer, peer.next(0x0010), token, window);
        return peer;
    }

    private static void welcome(TestPeer peer, Instruction hello, String token, int window)
            throws IOException, InterruptedException {
        Instruction challenge = Instruction.challenge(Instruction.VERSION, Bytes.random(11, 32));
        peer.send(challenge);
        Instruction proof = peer.next(0x0012);
        if (!Arrays.equals(proof.body(), HandMadeProof.remote(token, hello, challenge))) {
            throw new AssertionError("the remote's proof is wrong");
        }
        peer.send(welcome(token, window, hello, challenge, proof));
    }

    /** Returns a Welcome with the right proof for that token. */
    public static Instruction welcome(
            String token, int window, Instruction hello, Instruction challenge, Instruction proof) {
        byte[] session = Bytes.random(12, 16);
        Instruction unproved = Instruction.welcome(session, window, new byte[32]);
        return Instruction.welcome(session, window, HandMadeProof.server(token, hello, challenge, proof, unproved));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (TestPeer peer : peers) {
            peer.close();
        }
    }
}
