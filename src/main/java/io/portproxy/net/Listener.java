package io.portproxy.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A listening TCP socket. {@link #bind} binds it on any thread, so that an address in use stops the start. From
 * {@link #start} on, one event loop owns it.
 */
public final class Listener extends Acceptor {
    private final InetSocketAddress address;

    private Listener(
            ServerSocketChannel channel, InetSocketAddress address, EventLoop loop, Consumer<SocketChannel> acceptor) {
        super(channel, Sockets.text(address), loop, acceptor);
        this.address = address;
    }

    /**
     * Binds a listening socket. It accepts nothing before {@link #start}.
     *
     * @param address the address to listen on; port 0 for any free port
     * @param loop the loop whose thread will own the listener
     * @param acceptor takes each accepted connection on the loop's thread; it is non-blocking and otherwise unchanged
     * @throws ListenException if the address is in use, does not belong to this machine, or is not permitted
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
