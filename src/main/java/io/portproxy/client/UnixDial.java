package io.portproxy.client;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.UnixPath;
import io.portproxy.tunnel.stream.Connector;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects a stream's socket to a unix socket of this machine. The attempt succeeds or fails immediately, unless the queue of the unix socket
 * is full. In that case it is repeated until the timeout. On the tunnel's loop.
 */
final class UnixDial implements Connector.Attempt, ReadyHandler {
    private static final String QUEUE_FULL = "Resource temporarily unavailable";
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final EventLoop loop;
    private final UnixPath target;
    private final Duration timeout;
    private SocketChannel channel;
    private Connector.@Nullable Callback callback; // null before the start
    private long deadlineNanos;
    private Timers.@Nullable Timer retry;
    private boolean done;

    /** @throws IOException no socket can be opened */
    UnixDial(EventLoop loop, UnixPath target, Duration timeout) throws IOException {
        this.loop = loop;
        this.target = target;
        this.timeout = timeout;
        this.channel = socket();
    }

    private static SocketChannel socket() throws IOException {
        try {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (UnsupportedOperationException e) {
            throw new IOException("this machine has no unix sockets", e);
        }
    }

    @Override
    public void start(Connector.Callback newCallback) {
        callback = newCallback;
        deadlineNanos = loop.nanoTime() + timeout.toNanos();
        dial();
    }

    private Connector.Callback callback() {
        return Objects.requireNonNull(callback);
    }

    private void dial() {
        retry = null;
        try {
            channel.configureBlocking(false);
            if (connects()) {
                SelectionKey key = loop.register(channel, 0, this);
                done = true;
                callback().connected(key);
            } else {
                dialLater();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /**
     * Connects. Returns {@code false} if the queue of the unix socket is full. For this, connect(2) returns EAGAIN, and Java has only the
     * text of the exception.
     */
    private boolean connects() throws IOException {
        try {
            return channel.connect(target.address());
        } catch (SocketException e) {
            if (QUEUE_FULL.equals(e.getMessage())) {
                return false;
            }
            throw e;
        }
    }

    /** Tries again later, because the system does not report when there is room in the queue. */
    private void dialLater() throws IOException {
        Sockets.close(channel);
        if (loop.nanoTime() - deadlineNanos >= 0) {
            throw new SocketTimeoutException("its queue of connections was full for " + Durations.text(timeout));
        }
        channel = socket();
        retry = loop.timers().after(RETRY_NANOS, this::dial, this::abort);
    }

    private void fail(IOException cause) {
        if (!done) {
            cancel();
            callback().failed(TargetDial.reason(cause), cause);
        }
    }

    @Override
    public void cancel() {
        done = true;
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
        Sockets.reset(channel);
    }

    @Override
    public void ready(int readyOps) {
        // Is never called: the key has no interest until another handler takes it over.
    }

    @Override
    public void abort() {
        cancel();
        callback().abort();
    }

    @Override
    public String toString() {
        return "dial of " + target;
    }
}
