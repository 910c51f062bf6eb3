package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;

/**
 * Ends a transport cleanly: waits until all that was written has left, with TLS's close_notify behind it, and goes on
 * with a {@link LingeringClose}. What the peer sends while last bytes are written is thrown away, as it may not read before
 * all of it was taken. Loop's thread only.
 */
public final class CleanClose implements ReadyHandler {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** For a peer that takes some of the last bytes again and again, but very few. */
    private static final int MAX_TIMEOUTS = 15;

    private final EventLoop loop;
    private final Transport transport;
    private final SelectionKey key;
    private final Duration timeout;
    private final ByteBuffer last;
    private final Timers.Timer longest;
    private Timers.Timer timer;
    private long discarded;
    private boolean peerEnded;

    private CleanClose(EventLoop loop, Transport transport, SelectionKey key, ByteBuffer last, Duration timeout) {
        this.last = last;
        this.loop = loop;
        this.transport = transport;
        this.key = key;
        this.timeout = timeout;
        this.longest =
                loop.timers().afterAwake(timeout.multipliedBy(MAX_TIMEOUTS).toNanos(), this::abort);
        this.timer = patience();
        key.attach(this);
    }

    /**
     * Takes over a transport that the caller will not touch any more.
     *
     * @param key its socket's key with {@code loop}
     * @param timeout how long what was written may take to leave, and then how long the peer may take to end its side
     */
    public static void start(EventLoop loop, Transport transport, SelectionKey key, Duration timeout) {
        start(loop, transport, key, NOTHING, timeout);
    }

    /**
     * The same, behind last bytes for the peer.
     *
     * @param last are written; the caller leaves them as they are
     * @param timeout how long the peer may take none of them, see there
     */
    public static void start(EventLoop loop, Transport transport, SelectionKey key, ByteBuffer last, Duration timeout) {
        try {
            if (last.hasRemaining()) { // a socket whose output has ended takes not even nothing
                transport.write(last);
            }
            if (!last.hasRemaining() && transport.finish()) {
                LingeringClose.start(loop, transport.socket(), key, timeout);
            } else {
                new CleanClose(loop, transport, key, last, timeout).await();
            }
        } catch (IOException e) {
            transport.reset(); // the peer has gone already
        }
    }

    private Timers.Timer patience() {
        return loop.timers().afterAwake(timeout.toNanos(), this::abort);
    }

    private void await() {
        key.interestOps(last.hasRemaining() ? transport.interest(!peerEnded, true) : SelectionKey.OP_WRITE);
    }

    private void step() throws IOException {
        if (last.hasRemaining()) {
            throwAway();
            if (transport.flush() && transport.write(last) > 0) {
                timer.cancel();
                timer = patience();
            }
        }
        if (!last.hasRemaining() && transport.finish()) {
            timer.cancel();
            longest.cancel();
            LingeringClose.start(loop, transport.socket(), key, timeout);
        } else {
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

    @Override
    public void abort() {
        timer.cancel();
        longest.cancel();
        transport.reset();
    }

    @Override
    public String toString() {
        return "closing of " + transport;
    }
}
