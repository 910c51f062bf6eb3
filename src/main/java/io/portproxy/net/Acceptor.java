package io.portproxy.net;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A listening socket. From {@link #start} on, one event loop owns it. When the process has no file descriptor left, it
 * resets new connections, so that their users do not wait in vain.
 */
abstract sealed class Acceptor implements BoundSocket, ReadyHandler permits Listener, UnixListener {
    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

    /** The most connections that may wait in the operating system to be accepted, as far as its own limit allows. */
    static final int BACKLOG = 1024;

    /** The most connections accepted in one turn of the loop, so that many new users do not delay the others. */
    private static final int ACCEPTS_PER_TURN = 64;

    private static final long TROUBLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServerSocketChannel channel;
    private final String bound;
    private final EventLoop loop;
    private final Consumer<SocketChannel> acceptor;
    private final LogLimit refusals;
    private @Nullable SelectionKey key;

    // Describes the last accept that failed. This is not an object of its own class, because a class cannot be loaded
    // without a descriptor.
    private long failedAt; // published by "failure"
    private volatile @Nullable String failure;

    /**
     * @param channel a bound channel that does not block
     * @param bound its address, as people see it
     * @param loop the loop whose thread will own it
     * @param acceptor takes each accepted connection on the loop's thread; it is non-blocking and otherwise unchanged
     */
    Acceptor(ServerSocketChannel channel, String bound, EventLoop loop, Consumer<SocketChannel> acceptor) {
        this.channel = channel;
        this.bound = bound;
        this.loop = loop;
        this.acceptor = acceptor;
        this.refusals = new LogLimit(loop::nanoTime, 1);
    }

    @Override
    public final boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public final Optional<String> trouble() {
        if (!channel.isOpen()) {
            return Optional.of("closed");
        }
        return Optional.ofNullable(failure).filter(last -> loop.nanoTime() - failedAt < TROUBLE_NANOS);
    }

    @Override
    public final EventLoop loop() {
        return loop;
    }

    @Override
    public final void start() {
        loop.execute(() -> {
            if (!channel.isOpen()) {
                return; // a stop came first
            }
            prepareToRefuse();
            try {
                key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
            } catch (ClosedChannelException e) {
                log.debug("{} was closed as it was to be listened on", bound, e);
            }
        });
    }

    /** Loads the classes that {@link #refuse} needs. Later there may be no descriptor to open the file of a class. */
    private void prepareToRefuse() {
        LogFields.port(bound).log(() -> log.debug("{} takes users", bound));
        loop.timers().after(PAUSE_NANOS, () -> {}).cancel();
    }

    @Override
    public void close() {
        Sockets.close(channel);
        // For the operating system, the socket is closed only when the selector has released it.
        loop.tryExecute(() -> {});
    }

    @Override
    public void abort() {
        Sockets.close(channel);
    }

    @Override
    public final void ready(int readyOps) {
        try {
            acceptSome();
        } catch (Throwable e) {
            loop.failed(this, e); // ends the connection at hand; the port stays open
            pause();
        }
    }

    private void acceptSome() {
        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
            SocketChannel accepted;
            try {
                loop.spareDescriptor().hold(); // this comes first: without a spare descriptor, no user could be refused
                accepted = channel.accept();
            } catch (IOException e) {
                refuse(e);
                return;
            }
            if (accepted == null) {
                return;
            }
            try {
                accepted.configureBlocking(false);
            } catch (IOException e) {
                log.debug("a connection to {} was gone before it was accepted", bound, e);
                Sockets.reset(accepted);
                continue;
            }
            hand(accepted);
        }
    }

    private void hand(SocketChannel accepted) {
        try {
            acceptor.accept(accepted);
        } catch (Throwable e) {
            Sockets.reset(accepted);
            loop.failed(this, e);
        }
    }

    private void refuse(IOException cause) {
        if (!channel.isOpen()) {
            return;
        }
        failedAt = loop.nanoTime();
        failure = String.valueOf(cause.getMessage());
        loop.stats().acceptFailed();
        boolean free =
                Sockets.isOutOfDescriptors(cause) && loop.spareDescriptor().release();
        boolean told = free && resetOne();
        // This runs while the spare descriptor is free: the first such line loads classes, and to open their files may
        // need a descriptor.
        LogFields.port(bound)
                .log(() -> refusals.log(log, Level.WARN, "{} refuses connections: {}", bound, cause.getMessage()));
        if (!told) {
            pause();
        }
    }

    private boolean resetOne() {
        try {
            SocketChannel refused = channel.accept();
            if (refused != null) {
                Sockets.reset(refused);
            }
            return true;
        } catch (IOException e) {
            return false; // something else has taken the descriptor
        }
    }

    private void pause() {
        SelectionKey current = key;
        if (current == null || !current.isValid()) {
            return;
        }
        current.interestOps(0);
        Runnable goOn = () -> {
            if (current.isValid()) {
                current.interestOps(SelectionKey.OP_ACCEPT);
            }
        };
        loop.timers().after(PAUSE_NANOS, goOn, goOn);
    }

    @Override
    public final String toString() {
        return "listener " + bound;
    }
}
