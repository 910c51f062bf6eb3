package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt to reach the proxy server: tries the addresses of its name in their order. On the remote's loop. */
final class Dial implements ReadyHandler {

    /** What becomes of an attempt; told once. */
    interface Outcome {
        void connected(SocketChannel channel);

        void failed(IOException cause);
    }

    private final EventLoop loop;
    private final Deque<InetSocketAddress> addresses;
    private final Duration timeout;
    private final Outcome outcome;
    private @Nullable SocketChannel channel;
    private Timers.@Nullable Timer timer;
    private boolean done;

    /**
     * @param addresses at least one
     */
    Dial(EventLoop loop, List<InetSocketAddress> addresses, Duration timeout, Outcome outcome) {
        this.loop = loop;
        this.addresses = new ArrayDeque<>(addresses);
        this.timeout = timeout;
        this.outcome = outcome;
    }

    void start() {
        InetSocketAddress address = addresses.remove();
        try {
            channel = SocketChannel.open();
            Sockets.prepare(channel);
            boolean connected = channel.connect(address);
            loop.register(channel, SelectionKey.OP_CONNECT, this);
            timer = loop.timers()
                    .after(
                            timeout.toNanos(),
                            () -> tryNext(new SocketTimeoutException(
                                    "no answer from " + Sockets.text(address) + " within " + timeout)));
            if (connected) {
                succeed(channel);
            }
        } catch (IOException e) {
            tryNext(e);
        } catch (UnsupportedAddressTypeException e) {
            tryNext(new IOException(Sockets.text(address) + " is of a kind that this host does not have", e));
        }
    }

    @Override
    public void ready(int readyOps) {
        SocketChannel current = channel;
        if (done || current == null) {
            return;
        }
        try {
            if (current.finishConnect()) {
                succeed(current);
            }
        } catch (IOException e) {
            tryNext(e);
        }
    }

    private void succeed(SocketChannel connected) {
        done = true;
        cancelTimer();
        outcome.connected(connected);
    }

    private void tryNext(IOException cause) {
        closeCurrent();
        if (done) {
            return;
        }
        if (addresses.isEmpty()) {
            done = true;
            outcome.failed(cause);
        } else {
            start();
        }
    }

    @Override
    public void abort() {
        done = true;
        closeCurrent();
    }

    private void closeCurrent() {
        cancelTimer();
        if (channel != null) {
            Sockets.close(channel);
            channel = null;
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
