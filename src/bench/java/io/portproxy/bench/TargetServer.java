package io.portproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The suite's own target, as a process of its own. The first byte of a connection selects what it does: {@link #ECHO}, {@link #SOURCE},
 * {@link #SINK} or {@link #REQUEST}. A separate thread moves bulk data, so that it does not delay pings here. The argument is the port.
 * Runs until it is killed.
 */
final class TargetServer {
    /** Sends every byte back. */
    static final byte ECHO = 'E';
    /** Sends zeros until the connection ends. */
    static final byte SOURCE = 'D';
    /** Reads and discards bytes. */
    static final byte SINK = 'U';
    /** Answers each {@link #REQUEST_LENGTH} bytes with {@link #ANSWER_LENGTH} bytes. */
    static final byte REQUEST = 'R';

    static final int REQUEST_LENGTH = 128;
    static final int ANSWER_LENGTH = 64;

    private static final int BACKLOG = 4096;
    private static final int DATAGRAM_BUFFER = 1 << 20;
    private static final int DATAGRAMS_A_TURN = 64;

    private final TargetLoop small = new TargetLoop("small");
    private final TargetLoop bulk = new TargetLoop("bulk");

    private TargetServer() throws IOException {}

    /** Listens on 127.0.0.1. */
    public static void main(String[] arguments) throws IOException {
        new TargetServer().run(Integer.parseInt(arguments[0]));
    }

    private void run(int port) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        small.register(listener, SelectionKey.OP_ACCEPT, key -> accept(listener));
        DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET);
        datagrams.setOption(StandardSocketOptions.SO_RCVBUF, DATAGRAM_BUFFER);
        datagrams.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        small.register(datagrams, SelectionKey.OP_READ, key -> sendBack(datagrams));
        bulk.start();
        small.run();
    }

    private void sendBack(DatagramChannel datagrams) throws IOException {
        ByteBuffer buffer = small.buffer();
        for (int n = 0; n < DATAGRAMS_A_TURN; n++) {
            SocketAddress sender = datagrams.receive(buffer.clear());
            if (sender == null) {
                return;
            }
            datagrams.send(buffer.flip(), sender);
        }
    }

    private void accept(ServerSocketChannel listener) throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            small.register(channel, SelectionKey.OP_READ, this::readMode);
        }
    }

    private void readMode(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        ByteBuffer mode = ByteBuffer.allocate(1);
        int read = channel.read(mode);
        if (read < 0) {
            channel.close();
        }
        if (read <= 0) {
            return;
        }
        switch (mode.get(0)) {
            case ECHO -> key.attach(new Echo());
            case REQUEST -> key.attach(new Answer());
            case SOURCE -> {
                key.cancel();
                bulk.register(channel, SelectionKey.OP_WRITE, this::send);
            }
            case SINK -> {
                key.cancel();
                bulk.register(channel, SelectionKey.OP_READ, this::drop);
            }
            default -> channel.close();
        }
    }

    private void send(SelectionKey key) throws IOException {
        ((SocketChannel) key.channel()).write(bulk.buffer().clear());
    }

    private void drop(SelectionKey key) throws IOException {
        if (((SocketChannel) key.channel()).read(bulk.buffer().clear()) < 0) {
            key.channel().close();
        }
    }

    /** Sends back what it reads. If the socket does not accept all bytes, they wait here, and nothing is read until they are written. */
    private final class Echo implements TargetLoop.Handler {
        private ByteBuffer waiting = ByteBuffer.allocate(0);

        @Override
        public void ready(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            if (waiting.hasRemaining()) {
                channel.write(waiting);
            } else {
                ByteBuffer buffer = small.buffer().clear();
                if (channel.read(buffer) < 0) {
                    channel.close();
                    return;
                }
                channel.write(buffer.flip());
                if (buffer.hasRemaining()) {
                    waiting =
                            ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
                }
            }
            key.interestOps(waiting.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    private final class Answer implements TargetLoop.Handler {
        private int received;

        @Override
        public void ready(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            int read = channel.read(small.buffer().clear());
            if (read < 0) {
                channel.close();
                return;
            }
            received += read;
            for (; received >= REQUEST_LENGTH; received -= REQUEST_LENGTH) {
                channel.write(small.buffer().clear().limit(ANSWER_LENGTH));
            }
        }
    }
}
