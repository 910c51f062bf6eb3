package io.portproxy.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A listening TCP socket: bound by {@link #bind} on any thread, so that a taken address stops the start, and from {@link
 * #start} on owned by one event loop.
 */
public final class Listener extends Acceptor {
    private final InetSocketAddress address;

    private Listener(
            ServerSocketChannel channel, InetSocketAddress address, EventLoop loop, Consumer<SocketChannel> acceptor) {
        super(channel, Sockets.text(address), loop, acceptor);
        this.address = address;
    }

    /**
     * Binds a listening socket; nothing is accepted before {@link #start}.
     *
     * @param address where to listen; port 0 for any free port
     * @param loop whose thread will own the listener
     * @param acceptor takes each accepted connection, non-blocking and otherwise as it came, on the loop's thread
     * @throws ListenException the address is in use, not of this host, or not permitted
     */
    public static Listener bind(InetSocketAddress address, EventLoop loop, Consumer<SocketChannel> acceptor)
            throws ListenException {
        return Binding.bind(address, Listener::open, channel -> {
            channel.configureBlocking(false);
            channel.bind(address, BACKLOG);
            return new Listener(channel, (InetSocketAddress) channel.getLocalAddress(), loop, acceptor);
        });
    }

    private static ServerSocketChannel open(Optional<ProtocolFamily> family) throws IOException {
        return family.isPresent() ? ServerSocketChannel.open(family.get()) : ServerSocketChannel.open();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }
}
