package io.portproxy.client;

import io.portproxy.net.Durations;
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
import org.jspecify.annotations.Nullable;

/** One attempt to connect to an address of the proxy server. On the remote's loop. */
final class Dial implements ReadyHandler {

    /** What becomes of an attempt; told once, unless it is aborted. */
    interface Outcome {
        void connected(SocketChannel channel);

        void failed(IOException cause);
    }

    private final EventLoop loop;
    private final InetSocketAddress address;
    private final Outcome outcome;
    private @Nullable SocketChannel channel;
    private Timers.@Nullable Timer timer;
    private boolean done;

    Dial(EventLoop loop, InetSocketAddress address, Outcome outcome) {
        this.loop = loop;
        this.address = address;
        this.outcome = outcome;
    }

    void start(Duration timeout) {
        try {
            channel = SocketChannel.open();
            Sockets.prepare(channel);
            boolean connected = channel.connect(address);
            loop.register(channel, SelectionKey.OP_CONNECT, this);
            timer = loop.timers()
                    .afterAwake(
                            timeout.toNanos(),
                            () -> fail(new SocketTimeoutException(
                                    "no answer from " + Sockets.text(address) + " within " + Durations.text(timeout))));
            if (connected) {
                succeed(channel);
            }
        } catch (IOException e) {
            fail(e);
        } catch (UnsupportedAddressTypeException e) {
            fail(new IOException(Sockets.text(address) + " is of a kind that this host does not have", e));
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
            fail(e);
        }
    }

    private void succeed(SocketChannel connected) {
        done = true;
        cancelTimer();
        outcome.connected(connected);
    }

    private void fail(IOException cause) {
        if (!done) {
            abort();
            outcome.failed(cause);
        }
    }

    @Override
    public void abort() {
        done = true;
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
