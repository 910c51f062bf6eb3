package io.portproxy.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A long path to a port on loopback, for machines without the kernel's netem. All connections share one line in each direction. The relay
 * ends TCP on both sides. Its socket buffers are small, because they are the only queue before the line.
 */
final class DelayRelay implements AutoCloseable {
    /** The size of the queue before the line. The kernel doubles it, so it holds 10 ms at 100 Mbit/s. */
    private static final int SOCKET_BUFFER_BYTES = 64 * 1024;

    private final int target;
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
    private volatile Line there = new Line(PathProfile.NONE);
    private volatile Line back = new Line(PathProfile.NONE);

    /** Listens on a port of 127.0.0.1 and connects to the port {@code target} there. Adds no delay until {@link #become} is called. */
    DelayRelay(int port, int target) throws IOException {
        this.target = target;
        listener.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread thread = new Thread(this::accept, "relay-accept");
        thread.setDaemon(true);
        thread.start();
    }

    /** Changes the path. Closes existing connections. */
    void become(PathProfile profile) {
        there = new Line(profile);
        back = new Line(profile);
        channels.forEach(DelayRelay::closeQuietly);
        channels.clear();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                join(listener.accept());
            } catch (IOException e) {
                continue; // this user is lost, or the listener is closed
            }
        }
    }

    private void join(SocketChannel user) throws IOException {
        channels.add(user);
        SocketChannel other = SocketChannel.open();
        channels.add(other);
        try {
            other.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            other.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            for (SocketChannel channel : new SocketChannel[] {user, other}) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
            }
        } catch (IOException e) {
            closeQuietly(user);
            closeQuietly(other);
            throw e;
        }
        DelayedFlow.start(user, other, there);
        DelayedFlow.start(other, user, back);
    }

    @Override
    public void close() {
        closeQuietly(listener);
        channels.forEach(DelayRelay::closeQuietly);
    }

    /** Closes a channel and ignores errors. */
    static void closeQuietly(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            return;
        }
    }
}
