package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Ends a connection cleanly: sends a FIN, then reads and throws away what the peer still sends, until its own FIN or a
 * timeout. Closing at once would answer a byte in flight with a RST, and a RST can destroy the last bytes that we sent
 * (RFC 9112, section 9.6, describes the same for HTTP).
 */
public final class LingeringClose implements ReadyHandler {
    /** More than what can be in flight; a peer that goes on sending is not worth our time. */
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

    /** The same, where somebody wants to know when the connection is closed: {@code over} runs once, on the loop. */
    static void start(EventLoop loop, SocketChannel channel, SelectionKey key, Duration timeout, Runnable over) {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            Sockets.close(channel); // the peer has gone already
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
            // A reset says the same as an end here: the peer wants nothing more.
        }
        abort();
    }

    @Override
    public void abort() {
        timer.cancel();
        end();
    }
}
