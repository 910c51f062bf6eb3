package io.portproxy.tunnel;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Connects a stream's socket to its target, within a time: to the first of its addresses that takes it. On the tunnel's loop. */
final class TargetDial implements ReadyHandler {
    /** Exactly one of {@code connected} and {@code failed} is called, unless the dial is cancelled. */
    interface Outcome {
        /**
         * The socket is connected.
         *
         * @param key its key, for the caller to attach itself to; without interest
         */
        void connected(SelectionKey key);

        /** Another address is tried, with a socket of its own; the last one is closed. */
        void tryingWith(SocketChannel fresh);

        void failed(Reason reason, IOException cause);

        /** The loop has ended, or a bug was met. */
        void abort();
    }

    /** Addresses of one name that are tried; further ones are not. */
    private static final int MAX_TRIED = 16;

    private final EventLoop loop;
    private final Outcome outcome;
    private SocketChannel channel;
    private List<InetSocketAddress> addresses = List.of();
    private int tried;
    private @Nullable IOException firstFailure;
    private Timers.@Nullable Timer timer;
    private @Nullable SelectionKey key;
    private boolean done;

    TargetDial(EventLoop loop, SocketChannel channel, Outcome outcome) {
        this.loop = loop;
        this.channel = channel;
        this.outcome = outcome;
    }

    void start(TargetAddress target, Duration timeout) {
        timer = loop.timers()
                .afterAwake(
                        timeout.toNanos(),
                        () -> fail(
                                Reason.DIAL_TIMEOUT,
                                new ConnectException("no answer within " + Durations.text(timeout))));
        target.find(this::found, this::failed);
    }

    /** Tells nothing more. The channel is the caller's to close. */
    void cancel() {
        done = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    private void found(List<InetSocketAddress> addresses) {
        if (!done) {
            this.addresses = addresses;
            dial();
        }
    }

    private void dial() {
        InetSocketAddress address = addresses.get(tried);
        tried++;
        try {
            channel.configureBlocking(false);
            boolean connected = channel.connect(address) || (isOnThisHost(address) && channel.finishConnect());
            SelectionKey registered = loop.register(channel, connected ? 0 : SelectionKey.OP_CONNECT, this);
            key = registered;
            if (connected) {
                succeed(registered);
            }
        } catch (UnsupportedAddressTypeException e) {
            tryNext(new SocketException("this JVM has no socket for " + Sockets.text(address)));
        } catch (IOException e) {
            tryNext(e);
        }
    }

    /** Whether the other side is in this kernel, so that its answer has come when {@link SocketChannel#connect} returns. */
    private static boolean isOnThisHost(InetSocketAddress address) {
        return address.getAddress().isLoopbackAddress();
    }

    private void tryNext(IOException cause) {
        if (firstFailure == null) {
            firstFailure = cause;
        }
        if (done || tried >= Math.min(addresses.size(), MAX_TRIED)) {
            failed(firstFailure); // of the address that this host prefers
            return;
        }
        Sockets.close(channel);
        try {
            channel = SocketChannel.open();
        } catch (IOException e) {
            failed(e);
            return;
        }
        outcome.tryingWith(channel);
        dial();
    }

    @Override
    public void ready(int readyOps) {
        try {
            SelectionKey registered = Objects.requireNonNull(key);
            if (!done && channel.finishConnect()) {
                registered.interestOps(0);
                succeed(registered);
            }
        } catch (IOException e) {
            tryNext(e);
        }
    }

    private void succeed(SelectionKey key) {
        cancel();
        outcome.connected(key);
    }

    private void failed(IOException cause) {
        boolean refused = cause instanceof ConnectException && !(cause instanceof NoRouteToHostException);
        fail(refused ? Reason.TARGET_REFUSED : Reason.TARGET_UNREACHABLE, cause);
    }

    private void fail(Reason reason, IOException cause) {
        if (!done) {
            cancel();
            outcome.failed(reason, cause);
        }
    }

    @Override
    public void abort() {
        outcome.abort();
    }
}
