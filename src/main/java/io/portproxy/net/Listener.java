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
public final class Listener implements Entrance {
    /** Connections that may wait in the operating system to be accepted, as far as its own limit allows. */
    static final int BACKLOG = 1024;

    private final Acceptor acceptor;
    private final InetSocketAddress address;

    private Listener(
            ServerSocketChannel channel, InetSocketAddress address, EventLoop loop, Consumer<SocketChannel> acceptor) {
        this.acceptor = new Acceptor(channel, Sockets.text(address), loop, acceptor);
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

    @Override
    public EventLoop loop() {
        return acceptor.loop();
    }

    @Override
    public boolean isOpen() {
        return acceptor.isOpen();
    }

    @Override
    public Optional<String> trouble() {
        return acceptor.trouble();
    }

    @Override
    public void start() {
        acceptor.start();
    }

    @Override
    public void close() {
        acceptor.close();
    }

    @Override
    public String toString() {
        return acceptor.toString();
    }
}
