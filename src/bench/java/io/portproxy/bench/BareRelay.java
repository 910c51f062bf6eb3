package io.portproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A minimal relay as a process of its own, which shows how little a proxy in Java can cost. It has one thread and one selector. It opens
 * one connection to the target for each user, and copies bytes into one direct buffer and out again. It has no tunnel, frames, windows,
 * fairness, limits, counters or log. So it shows the lowest cost of two hops that copy. Arguments: the size of the buffer in bytes, then
 * pairs of the port to listen on and the port of the target. Runs until it is killed.
 */
final class BareRelay {
    private static final int BACKLOG = 4096;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer;

    private BareRelay(int size) throws IOException {
        buffer = ByteBuffer.allocateDirect(size);
    }

    public static void main(String[] arguments) throws IOException {
        BareRelay relay = new BareRelay(Integer.parseInt(arguments[0]));
        for (int i = 1; i < arguments.length; i += 2) {
            relay.listen(Integer.parseInt(arguments[i]), Integer.parseInt(arguments[i + 1]));
        }
        while (true) {
            relay.selector.select(BareRelay::serve);
        }
    }

    /** Is called when its channel is ready. */
    @FunctionalInterface
    private interface Handler {
        void ready(SelectionKey key) throws IOException;
    }

    private static void serve(SelectionKey key) {
        if (!key.isValid()) {
            return; // the other end of the connection was served before, and has closed both
        }
        try {
            ((Handler) key.attachment()).ready(key);
        } catch (IOException e) {
            System.err.println("a connection failed: " + e);
        }
    }

    private void listen(int from, int to) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), from), BACKLOG);
        listener.configureBlocking(false);
        Handler accept = key -> {
            for (SocketChannel user = listener.accept(); user != null; user = listener.accept()) {
                connect(user, to);
            }
        };
        listener.register(selector, SelectionKey.OP_ACCEPT, accept);
    }

    private void connect(SocketChannel user, int to) throws IOException {
        user.configureBlocking(false);
        SocketChannel target = SocketChannel.open();
        target.configureBlocking(false);
        target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to));
        Handler connected = key -> {
            target.finishConnect();
            user.setOption(StandardSocketOptions.TCP_NODELAY, true);
            target.setOption(StandardSocketOptions.TCP_NODELAY, true);
            End usersEnd = new End(user.register(selector, SelectionKey.OP_READ));
            End targetsEnd = new End(key);
            usersEnd.other = targetsEnd;
            targetsEnd.other = usersEnd;
            usersEnd.key.attach(usersEnd);
            key.attach(targetsEnd);
            key.interestOps(SelectionKey.OP_READ);
        };
        target.register(selector, SelectionKey.OP_CONNECT, connected);
    }

    /** One of the two sockets of a relayed connection. */
    private final class End implements Handler {
        private final SelectionKey key;
        private final SocketChannel channel;
        private End other;
        private ByteBuffer waiting =
                ByteBuffer.allocate(0); // not accepted by this socket yet; meanwhile, the other is not read
        private boolean ended; // no more bytes come from this socket

        End(SelectionKey key) {
            this.key = key;
            this.channel = (SocketChannel) key.channel();
        }

        @Override
        public void ready(SelectionKey ignored) throws IOException {
            try {
                if (key.isWritable()) {
                    channel.write(waiting);
                    if (!waiting.hasRemaining()) {
                        key.interestOps(key.interestOps() & ~SelectionKey.OP_WRITE);
                        other.key.interestOps(other.key.interestOps() | (other.ended ? 0 : SelectionKey.OP_READ));
                    }
                }
                if (key.isReadable()) {
                    relay();
                }
            } catch (IOException e) {
                channel.close();
                other.channel.close();
                throw e;
            }
        }

        private void keep(ByteBuffer refused) {
            if (waiting.capacity() == 0) {
                waiting = ByteBuffer.allocateDirect(refused.capacity());
            }
            waiting.clear().put(refused).flip();
        }

        private void relay() throws IOException {
            int read = channel.read(buffer.clear());
            if (read < 0) {
                ended = true;
                if (other.ended) {
                    channel.close();
                    other.channel.close();
                } else {
                    key.interestOps(key.interestOps() & ~SelectionKey.OP_READ);
                    other.channel.shutdownOutput();
                }
            } else if (read > 0) {
                other.channel.write(buffer.flip());
                if (buffer.hasRemaining()) {
                    other.keep(buffer);
                    other.key.interestOps(other.key.interestOps() | SelectionKey.OP_WRITE);
                    key.interestOps(key.interestOps() & ~SelectionKey.OP_READ);
                }
            }
        }
    }
}
