package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;

/** An extended remote made by hand, for tests of the proxy server. */
public final class ExtendedRemote implements AutoCloseable {
    private final FramePeer peer;

    private ExtendedRemote(FramePeer peer) {
        this.peer = peer;
    }

    /** A Hello of that instance with a nonce that is the same each time. */
    public static Frame hello(int instance, int index, String name) {
        return Frame.hello(Frame.VERSION, Bytes.random(instance, 16), index, Bytes.random(7, 32), Bytes.of(name));
    }

    /** Connects and greets, and checks the server's own proof. */
    public static ExtendedRemote greeted(InetSocketAddress server, int instance, int index, String name, String token)
            throws IOException, InterruptedException {
        return greeted(FramePeer.connect(server), instance, index, name, token);
    }

    /** Greets over a connection that there is already, and checks the server's own proof. */
    public static ExtendedRemote greeted(FramePeer peer, int instance, int index, String name, String token)
            throws IOException, InterruptedException {
        Frame hello = hello(instance, index, name);
        peer.send(hello);
        Frame challenge = peer.next(0x0011);
        Frame proof = Frame.proof(HandMadeProof.remote(token, hello, challenge));
        peer.send(proof);
        Frame welcome = peer.next(0x0013);
        byte[] body = welcome.body();
        assertThat(body).hasSize(64);
        assertThat(java.util.Arrays.copyOfRange(body, 32, 64))
                .as("the server's proof")
                .isEqualTo(HandMadeProof.server(token, hello, challenge, proof, welcome));
        return new ExtendedRemote(peer);
    }

    /** Connects and greets as the first tunnel of some instance. */
    public static ExtendedRemote greeted(InetSocketAddress server, String name, String token)
            throws IOException, InterruptedException {
        return greeted(server, 1, 0, name, token);
    }

    /** The remote's end of the tunnel. */
    public FramePeer peer() {
        return peer;
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
