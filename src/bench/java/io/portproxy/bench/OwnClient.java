package io.portproxy.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Connections to {@link TargetServer}, direct or through a contender. */
final class OwnClient {
    private static final int START_MILLIS = 30_000;
    private static final int RETRY_MILLIS = 20;
    private static final int CHECK_MILLIS = 2_000;

    private OwnClient() {}

    /** Connects in blocking mode, without Nagle's algorithm, and sends the mode. */
    static SocketChannel connect(int port, byte mode) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(new byte[] {mode}));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Reads until the buffer is full. */
    static void readFully(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the connection has ended " + buffer.remaining() + " bytes early");
            }
        }
    }

    /**
     * Waits until a byte comes back from the target behind that port.
     *
     * @throws BenchException no byte came back within 30 s
     */
    static void awaitEcho(int port) throws BenchException {
        long deadline = System.nanoTime() + START_MILLIS * 1_000_000L;
        while (true) {
            try {
                echo(port);
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new BenchException("nothing came back through port " + port + " within 30 s", e);
                }
                Clock.sleepMillis(RETRY_MILLIS);
            }
        }
    }

    private static void echo(int port) throws IOException {
        SocketChannel channel = connect(port, TargetServer.ECHO);
        try (channel) {
            channel.socket().setSoTimeout(CHECK_MILLIS);
            channel.socket().getOutputStream().write(42);
            if (channel.socket().getInputStream().read() != 42) {
                throw new EOFException("no echo");
            }
        }
    }
}
