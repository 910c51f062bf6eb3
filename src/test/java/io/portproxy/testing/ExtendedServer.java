package io.portproxy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A proxy server that speaks extended, made by hand, for tests of the remote. */
public final class ExtendedServer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Encryption encryption;
    private final ServerSocket listener;
    private final List<FramePeer> peers = new ArrayList<>();

    /** Listens on 127.0.0.1. */
    public ExtendedServer() throws IOException {
        this(Encryption.NONE);
    }

    /** Listens on 127.0.0.1 for tunnels that are carried so. */
    public ExtendedServer(Encryption encryption) throws IOException {
        this.encryption = encryption;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Waits for the next tunnel, and says nothing. */
    public FramePeer accept() throws IOException {
        FramePeer peer = FramePeer.of(encryption.accepted(listener.accept()));
        peers.add(peer);
        return peer;
    }

    /** Waits for the next tunnel and greets it. */
    public FramePeer acceptGreeted(String token, int window) throws IOException, InterruptedException {
        FramePeer peer = accept();
        Frame hello = peer.next(0x0010);
        Frame challenge = Frame.challenge(Frame.VERSION, Bytes.random(11, 32));
        peer.send(challenge);
        Frame proof = peer.next(0x0012);
        if (!Arrays.equals(proof.body(), HandMadeProof.remote(token, hello, challenge))) {
            throw new AssertionError("the remote's proof is wrong");
        }
        peer.send(welcome(token, window, hello, challenge, proof));
        return peer;
    }

    /** A Welcome with the right proof for that token. */
    public static Frame welcome(String token, int window, Frame hello, Frame challenge, Frame proof) {
        byte[] session = Bytes.random(12, 16);
        Frame unproved = Frame.welcome(session, window, new byte[32]);
        return Frame.welcome(session, window, HandMadeProof.server(token, hello, challenge, proof, unproved));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (FramePeer peer : peers) {
            peer.close();
        }
    }
}
