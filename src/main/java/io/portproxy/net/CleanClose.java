package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;

/**
 * Ends a transport cleanly. It waits until all written bytes have left, with TLS's close_notify after them, and goes on
 * with a {@link LingeringClose}. While the last bytes are written, it reads and discards what the peer sends, because a
 * peer may not read before its own bytes were taken. Loop's thread only.
 */
public final class CleanClose implements ReadyHandler {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Limits the time for a peer that again and again takes some of the last bytes, but very few. */
    static final int MAX_TIMEOUTS = 15;

    /** Is called once, on the loop, when the connection is closed. */
    @FunctionalInterface
    public interface Over {
        /**
         * Is called when the connection is closed.
         *
         * @param late whether the peer was reset because it did not take the written bytes in time
         */
        void over(boolean late);
    }

    private static final Over NOBODY = late -> {};

    private final EventLoop loop;
    private final Transport transport;
    private final SelectionKey key;
    private final Duration timeout;
    private final ByteBuffer last;
    private final Over over;
    private final Timers.Timer longest;
    private Timers.Timer timer;
    private long sent;
    private long discarded;
    private boolean peerEnded;
    private boolean ended;

    private CleanClose(
            EventLoop loop, Transport transport, SelectionKey key, ByteBuffer last, Duration timeout, Over over) {
        this.over = over;
        this.last = last;
        this.loop = loop;
        this.transport = transport;
        this.key = key;
        this.timeout = timeout;
        this.longest =
                loop.timers().afterAwake(timeout.multipliedBy(MAX_TIMEOUTS).toNanos(), this::tooLate);
        this.timer = patience();
        this.sent = transport.sent();
        key.attach(this);
    }

    /**
     * Takes over a transport. The caller must not use it after that.
     *
     * @param key its socket's key with {@code loop}
     * @param timeout how long the peer may take none of the written bytes, and then how long it may take to end its
     *     side. For the written bytes the peer has at most {@value #MAX_TIMEOUTS} times as long in all
     */
    public static void start(EventLoop loop, Transport transport, SelectionKey key, Duration timeout) {
        start(loop, transport, key, NOTHING, timeout, NOBODY);
    }

    /**
     * Does the same, after it has sent last bytes to the peer.
     *
     * @param last the bytes; the caller must not change them
     * @param timeout how long the peer may take none of them; see the other method
     * @param over is called when the connection is closed
     */
    public static void start(
            EventLoop loop, Transport transport, SelectionKey key, ByteBuffer last, Duration timeout, Over over) {
        boolean left;
        try {
            if (last.hasRemaining()) { // a socket whose output has ended does not accept even an empty write
                transport.write(last);
            }
            left = !last.hasRemaining() && transport.finish();
        } catch (IOException e) {
            transport.reset(); // the peer has already gone
            over.over(false);
            return;
        }
        if (left) {
            LingeringClose.start(loop, transport.socket(), key, timeout, () -> over.over(false));
        } else {
            new CleanClose(loop, transport, key, last, timeout, over).await();
        }
    }

    private Timers.Timer patience() {
        return loop.timers().afterAwake(timeout.toNanos(), this::tooLate);
    }

    /**
     * Starts the time again if the socket has taken bytes. Bytes that only TLS holds do not count: the peer has not
     * taken them.
     */
    private void renewPatience() {
        if (transport.sent() > sent) {
            sent = transport.sent();
            timer.cancel();
            timer = patience();
        }
    }

    private void await() {
        key.interestOps(last.hasRemaining() ? transport.interest(!peerEnded, true) : SelectionKey.OP_WRITE);
    }

    private void step() throws IOException {
        if (last.hasRemaining()) {
            throwAway();
            if (transport.flush()) {
                transport.write(last);
            }
        }
        if (!last.hasRemaining() && transport.finish()) {
            timer.cancel();
            longest.cancel();
            LingeringClose.start(loop, transport.socket(), key, timeout, () -> over.over(false));
        } else {
            renewPatience();
            await();
        }
    }

    private void throwAway() throws IOException {
        do {
            int length = peerEnded ? 0 : transport.read(loop.readBuffer());
            peerEnded |= length < 0;
            discarded += Math.max(length, 0);
            if (discarded > LingeringClose.MAX_DISCARDED) {
                throw new IOException("the peer goes on sending");
            }
        } while (transport.hasBuffered() && !peerEnded);
    }

    @Override
    public void ready(int readyOps) {
        try {
            step();
        } catch (IOException e) {
            abort();
        }
    }

    private void tooLate() {
        end(true);
    }

    @Override
    public void abort() {
        end(false);
    }

    private void end(boolean late) {
        timer.cancel();
        longest.cancel();
        transport.reset();
        if (!ended) {
            ended = true;
            over.over(late);
        }
    }

    @Override
    public String toString() {
        return "closing of " + transport;
    }
}
