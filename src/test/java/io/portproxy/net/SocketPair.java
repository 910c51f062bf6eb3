package io.portproxy.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Both ends of a loopback connection: our end, which does not block, and the peer's. */
record SocketPair(SocketChannel ours, Socket peer) implements AutoCloseable {

    static SocketPair open() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            Socket peer = new Socket(InetAddress.getLoopbackAddress(), port);
            peer.setSoTimeout(30_000); // so that a test that hangs ends
            SocketChannel ours = listener.accept();
            Sockets.prepare(ours);
            return new SocketPair(ours, peer);
        }
    }

    @Override
    public void close() throws IOException {
        ours.close();
        peer.close();
    }
}
