package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** A proxy server made by hand, for tests of the remote. */
public final class RawServer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket listener;
    private final List<RawPeer> peers = new ArrayList<>();

    /** Listens on 127.0.0.1. */
    public RawServer() throws IOException {
        this(0);
    }

    /** Listens on a port of 127.0.0.1 that was free a moment ago. */
    public RawServer(int port) throws IOException {
        this("127.0.0.1", port);
    }

    /** Listens on a port of a loopback address. */
    public RawServer(String address, int port) throws IOException {
        listener = new ServerSocket();
        listener.bind(new InetSocketAddress(address, port), 50);
        listener.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Waits for the next tunnel. */
    public RawPeer accept() throws IOException {
        RawPeer peer = new RawPeer(PlainSocket.of(listener.accept()));
        peers.add(peer);
        return peer;
    }

    /** Waits for the next tunnel and its greeting, which must be the first that it sends. */
    public RawPeer acceptGreeted(String name) throws IOException, InterruptedException {
        RawPeer peer = accept();
        assertThat(peer.nextAny()).isEqualTo(Instruction.greeting(name));
        return peer;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (RawPeer peer : peers) {
            peer.close();
        }
    }
}
