package io.portproxy.testing;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A target at a unix socket. A test accepts its connections one by one, or the target sends back what it receives. */
public final class UnixTarget implements AutoCloseable {
    private final Path path;
    private final ServerSocketChannel listener;

    private UnixTarget(Path path, int backlog) throws IOException {
        this.path = path;
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path), backlog);
    }

    /** Listens at a path. The test accepts the connections. */
    public static UnixTarget open(Path path) throws IOException {
        return new UnixTarget(path, 50);
    }

    /** Does the same, with at most that many connections in the queue. */
    public static UnixTarget open(Path path, int backlog) throws IOException {
        return new UnixTarget(path, backlog);
    }

    /** Starts a target that sends back what it receives, and passes on the end of it. */
    public static UnixTarget echo(Path path) throws IOException {
        UnixTarget target = open(path);
        Thread acceptor = new Thread(target::acceptAll, "unix target");
        acceptor.setDaemon(true);
        acceptor.start();
        return target;
    }

    /** Accepts a connection. Blocks until one comes. */
    public SocketChannel accept() throws IOException {
        return listener.accept();
    }

    private void acceptAll() {
        try {
            while (true) {
                SocketChannel accepted = listener.accept();
                Thread server = new Thread(() -> echo(accepted), "unix target's connection");
                server.setDaemon(true);
                server.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void echo(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try (channel) {
            while (channel.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (IOException e) {
            // the stream was cut
        }
    }

    /** Reads that many bytes from a connection. Fails if it ends before. */
    public static byte[] read(SocketChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("ended after " + buffer.position() + " bytes");
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(path);
    }
}
