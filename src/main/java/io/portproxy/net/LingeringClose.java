package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Ends a connection cleanly. It sends a FIN, then reads and discards what the peer still sends, until the peer's FIN or
 * a timeout. If it closed at once, a byte in flight would be answered with a RST, and a RST can destroy the last bytes
 * that this side sent (RFC 9112, section 9.6, describes the same for HTTP).
 */
public final class LingeringClose implements ReadyHandler {
    /** More bytes than can be in flight. A peer that sends more does not stop, so the connection is closed. */
    static final long MAX_DISCARDED = 16L * 1024 * 1024;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Timers.Timer timer;
    private final Runnable over;
    private long discarded;
    private boolean ended;

    private LingeringClose(EventLoop loop, SocketChannel channel, SelectionKey key, Duration timeout, Runnable over) {
        this.over = over;
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.timer = loop.timers().afterAwake(timeout.toNanos(), this::timedOut);
    }

    private void timedOut() {
        loop.stats().lingerTimedOut();
        end();
    }

    private void end() {
        loop.close(key);
        if (!ended) {
            ended = true;
            over.run();
        }
    }

    /**
     * Takes over a channel whose bytes have all been written. Loop's thread only.
     *
     * @param key the channel's key with {@code loop}
     */
    public static void start(EventLoop loop, SocketChannel channel, SelectionKey key, Duration timeout) {
        start(loop, channel, key, timeout, () -> {});
    }

    /** Does the same, and runs {@code over} once, on the loop, when the connection is closed. */
    static void start(EventLoop loop, SocketChannel channel, SelectionKey key, Duration timeout, Runnable over) {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            Sockets.close(channel); // the peer has already gone
            over.run();
            return;
        }
        key.attach(new LingeringClose(loop, channel, key, timeout, over));
        key.interestOps(SelectionKey.OP_READ);
    }

    @Override
    public void ready(int readyOps) {
        ByteBuffer sink = loop.readBuffer();
        try {
            int length = channel.read(sink);
            discarded += Math.max(length, 0);
            if (length >= 0 && discarded <= MAX_DISCARDED) {
                return;
            }
        } catch (IOException e) {
            // A reset means the same as an end here: the peer wants nothing more.
        }
        abort();
    }

    @Override
    public void abort() {
        timer.cancel();
        end();
    }
}
