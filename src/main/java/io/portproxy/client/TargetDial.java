package io.portproxy.client;

import io.portproxy.net.Dial;
import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.stream.Connector;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects a stream's socket to its target. Uses the first of the target's addresses that accepts the connection within a time limit. On
 * the tunnel's loop.
 */
final class TargetDial implements Connector.Attempt, Dial.Outcome {

    /** Finds the addresses of a target. */
    @FunctionalInterface
    interface LookUp {
        /**
         * Calls one of the callbacks once, on the tunnel's loop, immediately or later.
         *
         * @param found receives at least one address; the preferred ones come first
         * @param failed receives the reason
         */
        void find(Consumer<List<InetSocketAddress>> found, Consumer<IOException> failed);
    }

    private final EventLoop loop;
    private final SocketChannel channel;
    private final LookUp target;
    private final Duration timeout;
    private final Dial dial;
    private Connector.@Nullable Callback callback; // null before the start
    private long deadlineNanos;
    private Timers.@Nullable Timer timer; // for the look-up
    private boolean done;

    /**
     * @param channel the channel for the first address
     * @param timeout the timeout for the look-up of the target's name and the dial together
     */
    TargetDial(EventLoop loop, SocketChannel channel, LookUp target, Duration timeout) {
        this.loop = loop;
        this.channel = channel;
        this.target = target;
        this.timeout = timeout;
        this.dial = new Dial(loop, this);
    }

    @Override
    public void start(Connector.Callback newCallback) {
        callback = newCallback;
        deadlineNanos = loop.nanoTime() + timeout.toNanos();
        String late = "the target's name was not looked up within " + Durations.text(timeout);
        timer = loop.timers()
                .afterAwake(
                        timeout.toNanos(),
                        () -> fail(Reason.DIAL_TIMEOUT, new SocketTimeoutException(late)),
                        this::aborted);
        target.find(this::found, this::notFound);
    }

    private Connector.Callback callback() {
        return Objects.requireNonNull(callback);
    }

    @Override
    public void cancel() {
        done = true;
        cancelLookUp();
        dial.cancel();
        Sockets.reset(channel);
    }

    private void cancelLookUp() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void found(List<InetSocketAddress> addresses) {
        if (!done) {
            cancelLookUp();
            long left = Math.max(1, deadlineNanos - loop.nanoTime());
            dial.start(addresses, Duration.ofNanos(left), Optional.of(channel));
        }
    }

    private void notFound(IOException cause) {
        fail(Sockets.isOutOfDescriptors(cause) ? Reason.LIMIT : Reason.TARGET_UNREACHABLE, cause);
    }

    @Override
    public void connected(InetSocketAddress address, SelectionKey key, List<Dial.Failure> before) {
        done = true;
        callback().connected(key);
    }

    /**
     * Reports the failure of all addresses. A lack of file descriptors has priority, because the target may be available. Otherwise, the
     * failure of the address that this machine prefers is reported.
     */
    @Override
    public void failed(List<Dial.Failure> failures) {
        IOException cause = failures.stream()
                .map(Dial.Failure::cause)
                .filter(Sockets::isOutOfDescriptors)
                .findFirst()
                .orElse(failures.get(0).cause());
        if (cause instanceof SocketTimeoutException) {
            // The dial has only the time that the look-up has left. The message gives the whole timeout, as it is
            // configured.
            cause = new SocketTimeoutException("no answer within " + Durations.text(timeout));
        }
        fail(reason(cause), cause);
    }

    /** Returns the reason with which a stream ends that could not be opened. */
    static Reason reason(IOException cause) {
        if (Sockets.isOutOfDescriptors(cause)) {
            return Reason.LIMIT;
        }
        if (cause instanceof SocketTimeoutException) {
            return Reason.DIAL_TIMEOUT;
        }
        boolean refused = cause instanceof ConnectException && !(cause instanceof NoRouteToHostException);
        return refused ? Reason.TARGET_REFUSED : Reason.TARGET_UNREACHABLE;
    }

    private void fail(Reason reason, IOException cause) {
        if (!done) {
            cancel();
            callback().failed(reason, cause);
        }
    }

    @Override
    public void aborted() {
        cancel();
        callback().abort(); // also if an earlier call of the callback has failed in the middle
    }
}
